# The session's settings, as they are given and shown.

# The settings that Set-DefaultConfiguration takes and Get-DefaultConfiguration shows, in that order.
$script:SettingNames = @(
    'BaseUrl', 'NermBaseUrl', 'Token', 'TokenExpiration', 'TokenUrl', 'ClientId', 'ClientSecret'
    'MaximumRetryCount', 'RetryIntervalSeconds', 'Experimental', 'Proxy', 'ProxyCredential', 'ConsumerIdentifier', 'ConsumerVersion'
    'TimeoutSeconds', 'ConnectTimeoutSeconds', 'AttemptTimeoutSeconds', 'ApiVersion', 'CertificateAuthority', 'AllowHttp'
)

# Whether a secret is hidden in a value, or in a part of it such as a proxy's user and password.
function script:Test-V2024Masked {
    param([AllowNull()] $Value)
    return "$Value".Contains($script:Mask)
}

function script:ConvertTo-V2024UserPassword {
    param([Net.NetworkCredential] $Credential)
    return @{ UserName = $Credential.Domain ? "$($Credential.Domain)\$($Credential.UserName)" : $Credential.UserName; Password = $Credential.Password }
}

# The settings as they are now, secrets masked; $null for what is not set.
function script:Get-V2024Configuration {
    param([Management.Automation.PSCmdlet] $Cmdlet)
    $reply = $script:Session.Clients.Show($Cmdlet)
    $configuration = [ordered]@{}
    foreach ($name in $script:SettingNames) {
        $setting = $reply.Members['settings'].psobject.Properties[$name]
        $configuration[$name] = $null
        if ($setting) {
            $configuration[$name] = $setting.Value.value
            $Cmdlet.WriteVerbose("$name comes from: $($setting.Value.source)")
        }
    }
    if ($reply.Error) { $Cmdlet.WriteVerbose($reply.Error.message) }
    return $configuration
}
