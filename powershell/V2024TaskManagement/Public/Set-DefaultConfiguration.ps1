# How the library shows a secret.
$script:Mask = '********'

# Lets a parameter that is documented as a string take a SecureString or a credential too.
class V2024Secret : System.Management.Automation.ArgumentTransformationAttribute {
    [object] Transform([System.Management.Automation.EngineIntrinsics] $Engine, [object] $Value) {
        if ($Value -is [securestring]) { return [System.Net.NetworkCredential]::new('', $Value).Password }
        if ($Value -is [pscredential]) { return $Value.GetNetworkCredential().Password }
        return $Value
    }
}

# Lets -ProxyCredential take a credential of either kind, and what Get-DefaultConfiguration shows of one, without asking for
# a password as [pscredential] would.
class V2024ProxyCredential : System.Management.Automation.ArgumentTransformationAttribute {
    [object] Transform([System.Management.Automation.EngineIntrinsics] $Engine, [object] $Value) {
        if ($Value -is [pscredential]) { return $Value.GetNetworkCredential() }
        if ($null -eq $Value -or $Value -is [System.Net.NetworkCredential] -or "$Value" -eq $script:Mask) { return $Value }
        throw [System.ArgumentException]::new('ProxyCredential takes a PSCredential or a NetworkCredential: Get-Credential makes one.')
    }
}

<#
    .SYNOPSIS
        Changes settings for the calls of this session.

    .DESCRIPTION
        What is given here wins over the environment and the files; $null or an empty text takes it back. Settings count
        from the next call on, and are checked then. A secret as Get-DefaultConfiguration shows it changes nothing, so that
        its result can be given back by splatting.

        ForEach-Object -Parallel and jobs have sessions of their own: each imports the module for itself, and settings
        given here are not there. Give them in each, or in the environment.

    .PARAMETER BaseUrl
        The tenant's API address: https://TENANT.api.identitynow.com. A bare host means https; a version at the end is
        ignored.

    .PARAMETER NermBaseUrl
        Accepted for scripts of the documented SDK; this API does not use it.

    .PARAMETER Token
        A token to use instead of fetching one; a string, or a SecureString.

    .PARAMETER TokenExpiration
        When -Token ends.

    .PARAMETER TokenUrl
        Where tokens are fetched. The default is BaseUrl and /oauth/token.

    .PARAMETER ClientId
        The id of the personal access token or API client.

    .PARAMETER ClientSecret
        Its secret: a string, a SecureString, or a credential whose password it is.

    .PARAMETER MaximumRetryCount
        How often a request is tried again, from 0. The default is 10.

    .PARAMETER RetryIntervalSeconds
        The first wait before a request is tried again, in seconds; the next ones grow. The tenant's Retry-After comes
        first. The default is 1.

    .PARAMETER Experimental
        Whether requests have the header X-SailPoint-Experimental. The default is $false.

    .PARAMETER Proxy
        The proxy for tokens and API alike: an address, or a System.Net.WebProxy with its credentials. The default is
        what HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say.

    .PARAMETER ConsumerIdentifier
        A name for your program, put in the User-Agent.

    .PARAMETER ConsumerVersion
        Your program's version, put after the name.

    .PARAMETER Credential
        ClientId and ClientSecret in one.

    .PARAMETER ProxyCredential
        User and password for the proxy: a PSCredential or a NetworkCredential.

    .PARAMETER TimeoutSeconds
        How long a whole call may take, in seconds, retries and token included. The default is 100.

    .PARAMETER ConnectTimeoutSeconds
        How long connecting may take, in seconds. The default is 15.

    .PARAMETER AttemptTimeoutSeconds
        How long the first try of a reading request waits for a response, in seconds. After that, kept connections are
        closed and a new one is tried, until TimeoutSeconds. The default is 30.

    .PARAMETER ApiVersion
        The version in the paths. The default is v2024.

    .PARAMETER CertificateAuthority
        A PEM file of certificates that are trusted beside the operating system's.

    .PARAMETER AllowHttp
        Whether plain http may go to another machine. The default is $false.

    .PARAMETER PassThru
        Gives the settings as Get-DefaultConfiguration does.

    .INPUTS
        None.

    .OUTPUTS
        None, or with -PassThru what Get-DefaultConfiguration gives.

    .EXAMPLE
        Set-DefaultConfiguration -MaximumRetryCount 3 -ConsumerIdentifier nightly-report -ConsumerVersion 1.0

        Fewer retries, and a name that the tenant's logs show.

    .EXAMPLE
        Set-DefaultConfiguration -BaseUrl https://acme.api.identitynow.com -Credential (Get-Credential)

        Another tenant; id and secret are asked for.

    .EXAMPLE
        Set-DefaultConfiguration -MaximumRetryCount $null

        Back to the default.

    .LINK
        Get-DefaultConfiguration

    .LINK
        about_V2024TaskManagement
#>
function Set-DefaultConfiguration {
    [CmdletBinding()]
    [OutputType([Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Position = 0)] [string] $BaseUrl,
        [Parameter(Position = 1)] [string] $NermBaseUrl,
        [Parameter(Position = 2)] [V2024Secret()] [string] $Token,
        [Parameter(Position = 3)] [AllowNull()] [Nullable[datetime]] $TokenExpiration,
        [Parameter(Position = 4)] [string] $TokenUrl,
        [Parameter(Position = 5)] [string] $ClientId,
        [Parameter(Position = 6)] [V2024Secret()] [string] $ClientSecret,
        [Parameter(Position = 7)] [Nullable[int]] $MaximumRetryCount,
        [Parameter(Position = 8)] [Nullable[int]] $RetryIntervalSeconds,
        [Parameter(Position = 9)] [Nullable[bool]] $Experimental,
        [Parameter(Position = 10)] [AllowNull()] [object] $Proxy,
        [Parameter(Position = 11)] [string] $ConsumerIdentifier,
        [Parameter(Position = 12)] [string] $ConsumerVersion,
        [Parameter()] [pscredential] $Credential,
        [Parameter()] [V2024ProxyCredential()] [object] $ProxyCredential,
        [Parameter()] [Nullable[double]] $TimeoutSeconds,
        [Parameter()] [Nullable[double]] $ConnectTimeoutSeconds,
        [Parameter()] [Nullable[double]] $AttemptTimeoutSeconds,
        [Parameter()] [ArgumentCompletions('v2024', 'v2025', 'v2026', 'beta', 'latest', 'v1')] [string] $ApiVersion,
        [Parameter()] [string] $CertificateAuthority,
        [Parameter()] [Nullable[bool]] $AllowHttp,
        [switch] $PassThru
    )
    begin { Import-V2024Private }
    process {
        $given = [ordered]@{}
        foreach ($name in $script:SettingNames) {
            if ($PSBoundParameters.ContainsKey($name)) { $given[$name] = $PSBoundParameters[$name] }
        }
        if ($Credential) {
            $given.ClientId = $Credential.UserName
            $given.ClientSecret = $Credential.GetNetworkCredential().Password
        }
        if ($ProxyCredential -is [Net.NetworkCredential]) { $given.ProxyCredential = ConvertTo-V2024UserPassword -Credential $ProxyCredential }
        # Another proxy, other credentials; a masked one stays only with the proxy that it was shown with.
        elseif ($given.Contains('Proxy') -and -not (Test-V2024Masked -Value $Proxy) -and
            -not ($ProxyCredential -and "$Proxy" -eq (Get-V2024Configuration -Cmdlet $PSCmdlet).Proxy)) { $given.ProxyCredential = $null }
        if ($Proxy -is [Net.IWebProxy]) {
            $base = ($given['BaseUrl'], $script:Session.Clients.Settings['BaseUrl'], $env:SAIL_BASE_URL, 'identitynow.com').Where({ $_ }, 'First')[0].Trim()
            $target = [uri] ($base.Contains('://') ? $base : "https://$base")
            $address = if (-not $Proxy.IsBypassed($target)) { $Proxy.GetProxy($target) }
            $given.Proxy = "$address"
            if ($address -and $Proxy.Credentials) { $given.ProxyCredential = ConvertTo-V2024UserPassword -Credential $Proxy.Credentials.GetCredential($address, 'Basic') }
        }
        elseif ($Proxy) { $given.Proxy = "$Proxy" }

        # What BaseUrl gives anyway is not kept: the next BaseUrl would go with the token URL of this one.
        if ($TokenUrl) {
            $base = $given['BaseUrl'] ? $given['BaseUrl'] : (Get-V2024Configuration -Cmdlet $PSCmdlet).BaseUrl
            if ($TokenUrl -eq "$("$base".TrimEnd('/'))/oauth/token") { $given.TokenUrl = $null }
        }

        foreach ($name in $given.Keys) {
            $value = $given[$name]
            # What Get-DefaultConfiguration shows of a secret is not a secret: it may come back by splatting.
            if (Test-V2024Masked -Value $value) { continue }
            # Nothing means: no longer given, so that the environment and the files count again.
            if ("$value" -eq '') { $script:Session.Clients.Settings.Remove($name) } else { $script:Session.Clients.Settings[$name] = $value }
        }
        $script:Session.Clients.Clear()
        if ($PassThru) { return Get-V2024Configuration -Cmdlet $PSCmdlet }
    }
}
