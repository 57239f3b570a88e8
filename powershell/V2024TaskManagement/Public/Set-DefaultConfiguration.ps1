<#
    .SYNOPSIS
        Changes settings for the calls of this session.

    .DESCRIPTION
        Settings given here take precedence over the environment and the files;
        $null or an empty string removes a setting again. Settings take effect with
        the next call, and are checked then. The result of Get-DefaultConfiguration
        can be given back later by splatting: a masked secret in it stands for the
        secret at that time. A masked secret from elsewhere, such as a file, is
        refused.

        Token, ClientSecret, Credential and ProxyCredential have the type object,
        because each takes several types. Any other type is refused.

        ForEach-Object -Parallel and jobs run in their own sessions. Each imports
        the module for itself and does not have the settings given here: give them
        there again, or in the environment.

    .PARAMETER BaseUrl
        The tenant's API address: https://TENANT.api.identitynow.com. A bare
        host name means https; a version at the end is ignored.

    .PARAMETER NermBaseUrl
        Accepted for scripts written for the documented SDK; this API does not
        use it.

    .PARAMETER Token
        A token to use instead of fetching one: a string, a SecureString, or a
        credential with the token as its password.

    .PARAMETER TokenExpiration
        When -Token expires.

    .PARAMETER TokenUrl
        The address of the token endpoint. The default is BaseUrl followed by
        /oauth/token.

    .PARAMETER ClientId
        The id of the personal access token or API client.

    .PARAMETER ClientSecret
        The client's secret: a string, a SecureString, or a credential with the
        secret as its password.

    .PARAMETER MaximumRetryCount
        The maximum number of retries of a request, from 0. The default is 10.

    .PARAMETER RetryIntervalSeconds
        The wait before the first retry of a request, in seconds; later waits
        grow. The tenant's Retry-After takes precedence. The default is 1.

    .PARAMETER Experimental
        Whether to send the header X-SailPoint-Experimental. The default is
        $false.

    .PARAMETER Proxy
        The proxy for token and API requests: an address, or a
        System.Net.WebProxy with its credentials; none for no proxy at all. The
        default comes from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, and
        then from the system, as for Invoke-RestMethod.

    .PARAMETER ConsumerIdentifier
        The name of your program, for the User-Agent.

    .PARAMETER ConsumerVersion
        The version of your program, for the User-Agent.

    .PARAMETER Credential
        ClientId and ClientSecret as one credential (see Get-Credential). $null
        or an empty credential removes both.

    .PARAMETER ProxyCredential
        The user name and password for the proxy: a PSCredential or a
        NetworkCredential. They are sent as Basic, unasked.

    .PARAMETER TimeoutSeconds
        The time limit of a whole call, in seconds, including retries and the
        token. The default is 100.

    .PARAMETER ConnectTimeoutSeconds
        The time limit for connecting, in seconds. The default is 15.

    .PARAMETER AttemptTimeoutSeconds
        The time limit for a response to the first try of a request that only
        reads, in seconds. After it, the request is retried on a new connection
        until TimeoutSeconds. The default is 30.

    .PARAMETER PagesAhead
        How many pages a listing may request ahead of the objects that were
        taken from it, from 1 to 100. The default is 4.

    .PARAMETER ApiVersion
        The API version in the paths. The default is v2024.

    .PARAMETER CertificateAuthority
        A PEM file with certificates to trust in addition to the operating
        system's.

    .PARAMETER AllowHttp
        Whether to allow plain http to other machines. The default is $false.

    .PARAMETER PassThru
        Returns the settings as Get-DefaultConfiguration does.

    .INPUTS
        None.

    .OUTPUTS
        None; with -PassThru, the output of Get-DefaultConfiguration.

    .EXAMPLE
        $program = @{ ConsumerIdentifier = 'report'; ConsumerVersion = '1.0' }
        Set-DefaultConfiguration -MaximumRetryCount 3 @program

        Allows fewer retries, and sets a name that the tenant's logs show.

    .EXAMPLE
        $url = 'https://acme.api.identitynow.com'
        Set-DefaultConfiguration -BaseUrl $url -Credential (Get-Credential)

        Switches to another tenant, and asks for the client id and secret.

    .EXAMPLE
        Set-DefaultConfiguration -MaximumRetryCount $null

        Restores the default.

    .LINK
        Get-DefaultConfiguration

    .LINK
        about_V2024TaskManagement
#>
function Set-DefaultConfiguration {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType([Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Position = 0)] [string] $BaseUrl,
        [Parameter(Position = 1)] [string] $NermBaseUrl,
        [Parameter(Position = 2)] [object] $Token,
        [Parameter(Position = 3)] [AllowNull()] [Nullable[datetime]] $TokenExpiration,
        [Parameter(Position = 4)] [string] $TokenUrl,
        [Parameter(Position = 5)] [string] $ClientId,
        [Parameter(Position = 6)] [object] $ClientSecret,
        [Parameter(Position = 7)] [Nullable[int]] $MaximumRetryCount,
        [Parameter(Position = 8)] [Nullable[int]] $RetryIntervalSeconds,
        [Parameter(Position = 9)] [Nullable[bool]] $Experimental,
        [Parameter(Position = 10)] [AllowNull()] [object] $Proxy,
        [Parameter(Position = 11)] [string] $ConsumerIdentifier,
        [Parameter(Position = 12)] [string] $ConsumerVersion,
        [Parameter()] [object] $Credential,
        [Parameter()] [object] $ProxyCredential,
        [Parameter()] [Nullable[double]] $TimeoutSeconds,
        [Parameter()] [Nullable[double]] $ConnectTimeoutSeconds,
        [Parameter()] [Nullable[double]] $AttemptTimeoutSeconds,
        [Parameter()] [Nullable[int]] $PagesAhead,
        [Parameter()] [ArgumentCompletions('v2024', 'v2025', 'v2026', 'beta', 'latest', 'v1')] [string] $ApiVersion,
        [Parameter()] [string] $CertificateAuthority,
        [Parameter()] [Nullable[bool]] $AllowHttp,
        [switch] $PassThru
    )
    begin { $call = $script:Session.Configure($PSCmdlet, $PSBoundParameters) }
    process { $call.Change() }
}
