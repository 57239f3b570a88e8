# Lets a parameter that is documented as a string take a SecureString or a credential too.
class V2024Secret : System.Management.Automation.ArgumentTransformationAttribute {
    [object] Transform([System.Management.Automation.EngineIntrinsics] $Engine, [object] $Value) {
        if ($Value -is [securestring]) { return [System.Net.NetworkCredential]::new('', $Value).Password }
        if ($Value -is [pscredential]) { return $Value.GetNetworkCredential().Password }
        return $Value
    }
}

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
        [Parameter()] [pscredential] $ProxyCredential,
        [Parameter()] [Nullable[double]] $TimeoutSeconds,
        [Parameter()] [Nullable[double]] $ConnectTimeoutSeconds,
        [Parameter()] [string] $ApiVersion,
        [Parameter()] [string] $CertificateAuthority,
        [Parameter()] [Nullable[bool]] $AllowHttp,
        [switch] $PassThru
    )
    process {
        $given = [ordered]@{}
        foreach ($name in $script:SettingNames) {
            if ($PSBoundParameters.ContainsKey($name)) { $given[$name] = $PSBoundParameters[$name] }
        }
        if ($Credential) {
            $given.ClientId = $Credential.UserName
            $given.ClientSecret = $Credential.GetNetworkCredential().Password
        }
        if ($ProxyCredential) { $given.ProxyCredential = ConvertTo-V2024UserPassword -Credential $ProxyCredential.GetNetworkCredential() }
        # Another proxy, other credentials.
        elseif ($given.Contains('Proxy')) { $given.ProxyCredential = $null }
        if ($Proxy -is [Net.IWebProxy]) {
            $target = [uri] ($script:Settings['BaseUrl'] ?? $env:SAIL_BASE_URL ?? 'https://identitynow.com')
            $address = if (-not $Proxy.IsBypassed($target)) { $Proxy.GetProxy($target) }
            $given.Proxy = "$address"
            if ($address -and $Proxy.Credentials) { $given.ProxyCredential = ConvertTo-V2024UserPassword -Credential $Proxy.Credentials.GetCredential($address, 'Basic') }
        }
        elseif ($Proxy) { $given.Proxy = "$Proxy" }

        foreach ($name in $given.Keys) {
            $value = $given[$name]
            # What Get-DefaultConfiguration shows of a secret is not a secret: it may come back by splatting.
            if ("$value" -eq $script:Mask) { continue }
            # Nothing means: no longer given, so that the environment and the files count again.
            if ("$value" -eq '') { $script:Settings.Remove($name) } else { $script:Settings[$name] = $value }
        }
        Clear-V2024Client
        if ($PassThru) { Get-DefaultConfiguration }
    }
}
