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
    begin { Import-V2024Private }
    process {
        return Get-V2024Configuration -Cmdlet $PSCmdlet
    }
}
