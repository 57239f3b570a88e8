<#
    .SYNOPSIS
        Shows the settings that the next call will use.

    .DESCRIPTION
        The sources of a setting, in order of precedence, are
        Set-DefaultConfiguration, the environment (SAIL_BASE_URL, SAIL_CLIENT_ID,
        SAIL_CLIENT_SECRET), config.json in the current folder,
        ~/.sailpoint/config.yaml of the sail command line, and its keyring. Secrets
        are masked with asterisks. -Verbose also shows the source of each setting,
        what was skipped in the files, and what is missing.

    .INPUTS
        None.

    .OUTPUTS
        System.Collections.Specialized.OrderedDictionary. The settings by name;
        $null for settings without a value.

    .EXAMPLE
        Get-DefaultConfiguration

        Shows all settings.

    .EXAMPLE
        (Get-DefaultConfiguration -Verbose).BaseUrl

        Shows the tenant's address, and the source of each setting.

    .LINK
        Set-DefaultConfiguration

    .LINK
        about_V2024TaskManagement
#>
function Get-DefaultConfiguration {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType([Collections.Specialized.OrderedDictionary])]
    param()
    begin { $call = $script:Session.Configure($PSCmdlet, $PSBoundParameters) }
    process { $call.Show() }
}
