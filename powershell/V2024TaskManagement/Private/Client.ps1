# From the session's settings to a client of the library.

# What Set-DefaultConfiguration was given. Everything else is found by the library.
$script:Settings = [ordered]@{}
$script:Clients = [Collections.Generic.Dictionary[string, IntPtr]]::new()

# Native code sees neither $env:NAME = … (on Linux and macOS) nor the session's folder, so both are handed over.
$script:Variables = @(
    'SAIL_BASE_URL', 'SAIL_CLIENT_ID', 'SAIL_CLIENT_SECRET'
    'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'all_proxy', 'no_proxy'
    'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HOME', 'USERPROFILE'
)

# The session's folder. Asking takes a tenth of a millisecond, and $PWD is another object after each change.
$script:Folder = $null
$script:FolderOf = $null
function script:Get-V2024Folder {
    param([Management.Automation.PSCmdlet] $Cmdlet)
    $script:Folder = $Cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    $script:FolderOf = $PWD
    return $script:Folder
}

# The client for the settings as they are now; Zero after an error. Clients with the same settings share their
# token and connections in the library, so the few kept here only spare reading the settings again.
function script:Get-V2024Client {
    param([Management.Automation.PSCmdlet] $Cmdlet, $TargetObject)
    $folder = [object]::ReferenceEquals($PWD, $script:FolderOf) ? $script:Folder : (Get-V2024Folder -Cmdlet $Cmdlet)
    $values = foreach ($name in $script:Variables) { [Environment]::GetEnvironmentVariable($name) }
    $written = [IO.File]::GetLastWriteTimeUtc("$folder/config.json").Ticks, [IO.File]::GetLastWriteTimeUtc("$($env:HOME ?? $env:USERPROFILE)/.sailpoint/config.yaml").Ticks
    $key = "$([string]::Join("`n", $values))`n$folder`n$written"
    $client = [IntPtr]::Zero
    if ($script:Clients.TryGetValue($key, [ref] $client)) { return $client }
    $reply = New-V2024Client -Folder $folder -Client ([ref] $client)
    if ($client -eq [IntPtr]::Zero) {
        Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024ErrorRecord -Reply $reply -TargetObject $TargetObject)
        return $client
    }
    if ($script:Clients.Count -ge 8) { Clear-V2024Client }
    $script:Clients[$key] = $client
    return $client
}

# The library's reply, which shows the settings and their sources; $Client.Value is Zero after an error.
function script:New-V2024Client {
    param([string] $Folder, [ref] $Client)
    $variables = foreach ($name in $script:Variables) {
        $value = [Environment]::GetEnvironmentVariable($name)
        if ($null -ne $value) { "`"$name`":`"$([Text.Json.JsonEncodedText]::Encode($value))`"" }
    }
    $product = "V2024TaskManagement/$($ExecutionContext.SessionState.Module.Version) PowerShell/$($PSVersionTable.PSVersion)"
    $text = "{`"Folder`":`"$([Text.Json.JsonEncodedText]::Encode($Folder))`",`"Environment`":{$($variables -join ',')},`"UserAgent`":`"$product`""
    foreach ($name in $script:Settings.Keys) { $text += ",`"$name`":$(ConvertTo-V2024Json -Value $script:Settings[$name])" }
    $handle = [IntPtr]::Zero
    $status = 0
    $json = $script:Library::v2024_client_new([Text.Encoding]::UTF8.GetBytes("$text}`0"), [ref] $handle, [ref] $status)
    try {
        $Client.Value = $handle
        return Read-V2024Reply -Json $json
    }
    finally { $script:Library::v2024_string_free($json) }
}

function script:Clear-V2024Client {
    foreach ($client in $script:Clients.Values) { $script:Library::v2024_client_free($client) }
    $script:Clients.Clear()
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Clear-V2024Client
    if ($script:Aliases) { Remove-V2024Alias }
}

# The settings that Set-DefaultConfiguration takes and Get-DefaultConfiguration shows, in that order.
$script:SettingNames = @(
    'BaseUrl', 'NermBaseUrl', 'Token', 'TokenExpiration', 'TokenUrl', 'ClientId', 'ClientSecret'
    'MaximumRetryCount', 'RetryIntervalSeconds', 'Experimental', 'Proxy', 'ProxyCredential', 'ConsumerIdentifier', 'ConsumerVersion'
    'TimeoutSeconds', 'ConnectTimeoutSeconds', 'ApiVersion', 'CertificateAuthority', 'AllowHttp'
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
    $client = [IntPtr]::Zero
    $reply = New-V2024Client -Folder (Get-V2024Folder -Cmdlet $Cmdlet) -Client ([ref] $client)
    if ($client -ne [IntPtr]::Zero) { $script:Library::v2024_client_free($client) }
    $configuration = [ordered]@{}
    foreach ($name in $script:SettingNames) {
        $setting = $reply.settings.psobject.Properties[$name]
        $configuration[$name] = $null
        if ($setting) {
            $configuration[$name] = $setting.Value.value
            $Cmdlet.WriteVerbose("$name comes from: $($setting.Value.source)")
        }
    }
    if ($reply.psobject.Properties['error']) { $Cmdlet.WriteVerbose($reply.error.message) }
    return $configuration
}
