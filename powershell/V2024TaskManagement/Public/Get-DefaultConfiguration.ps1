<#
    .SYNOPSIS
        Shows the settings that the next call will use.

    .DESCRIPTION
        A setting comes from Set-DefaultConfiguration, else the environment (SAIL_BASE_URL, SAIL_CLIENT_ID,
        SAIL_CLIENT_SECRET), else config.json in the current folder, else ~/.sailpoint/config.yaml. Secrets are shown as
        asterisks. -Verbose tells where each setting comes from, and what is missing.

    .INPUTS
        None.

    .OUTPUTS
        System.Collections.Specialized.OrderedDictionary. The settings by name; $null for what is not set.

    .EXAMPLE
        Get-DefaultConfiguration

        All settings.

    .EXAMPLE
        (Get-DefaultConfiguration -Verbose).BaseUrl

        The tenant's address, and where each setting comes from.

    .LINK
        Set-DefaultConfiguration

    .LINK
        about_V2024TaskManagement
#>
function Get-DefaultConfiguration {
    [CmdletBinding()]
    [OutputType([Collections.Specialized.OrderedDictionary])]
    param()
    process {
        $client = [IntPtr]::Zero
        $folder = $PSCmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath
        $reply = New-V2024Client -Folder $folder -Client ([ref] $client)
        if ($client -ne [IntPtr]::Zero) { $script:Library::v2024_client_free($client) }
        $configuration = [ordered]@{}
        foreach ($name in $script:SettingNames) {
            $setting = $reply.settings.psobject.Properties[$name]
            $configuration[$name] = $null
            if ($setting) {
                $configuration[$name] = $setting.Value.value
                $PSCmdlet.WriteVerbose("$name comes from: $($setting.Value.source)")
            }
        }
        if ($reply.psobject.Properties['error']) { $PSCmdlet.WriteVerbose($reply.error.message) }
        return $configuration
    }
}
