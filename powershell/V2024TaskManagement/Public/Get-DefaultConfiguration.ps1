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
