# Reading and showing the session's settings.

# The settings that Set-DefaultConfiguration takes and Get-DefaultConfiguration shows, in that order.
$script:SettingNames = @(
    'BaseUrl', 'NermBaseUrl', 'Token', 'TokenExpiration', 'TokenUrl', 'ClientId', 'ClientSecret'
    'MaximumRetryCount', 'RetryIntervalSeconds', 'Experimental', 'Proxy', 'ProxyCredential'
    'ConsumerIdentifier', 'ConsumerVersion'
    'TimeoutSeconds', 'ConnectTimeoutSeconds', 'AttemptTimeoutSeconds', 'ApiVersion', 'CertificateAuthority', 'AllowHttp'
)

# Whether a value is masked, or a part of it, such as the password in a proxy's address.
function script:Test-V2024Masked {
    param([AllowNull()] $Value)
    return "$Value".Contains($script:Mask)
}

function script:ConvertTo-V2024UserPassword {
    param([Net.NetworkCredential] $Credential)
    $user = $Credential.Domain ? "$($Credential.Domain)\$($Credential.UserName)" : $Credential.UserName
    return @{ UserName = $user; Password = $Credential.Password }
}

# The current settings with secrets masked; $null for settings without a value.
function script:Get-V2024Configuration {
    param([Management.Automation.PSCmdlet] $Cmdlet)
    $response = $script:Session.Clients.Show($Cmdlet)
    $configuration = [ordered]@{}
    foreach ($name in $script:SettingNames) {
        $setting = $response.Members['settings'].psobject.Properties[$name]
        $configuration[$name] = $null
        if ($setting) {
            $configuration[$name] = $setting.Value.value
            $Cmdlet.WriteVerbose("$name comes from: $($setting.Value.source)")
        }
    }
    if ($response.Members['notes']) { Write-V2024Note -Cmdlet $Cmdlet -Notes $response.Members['notes'] }
    if ($response.Error) { $Cmdlet.WriteVerbose($response.Error.message) }
    return $configuration
}
