#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Writes the tasks that failed in the last 24 hours to a file, as a scheduled task of Windows.

    .DESCRIPTION
        Register-Export.ps1 makes the scheduled task and the file with the client id and secret. What happened is in
        export.log, because nobody sees what a scheduled task prints. The exit code is 0, or 1 after an error; the
        scheduler shows it as the last result. Export-Failures.ps1 must lie beside this script.
#>
param(
    # The tenant's API address.
    [Parameter(Mandatory)]
    [string] $BaseUrl,

    # The folder for the files, in which client.xml is.
    [Parameter(Mandatory)]
    [string] $Folder
)

$ErrorActionPreference = 'Stop'

$now = [datetime]::UtcNow
try {
    Set-DefaultConfiguration -BaseUrl $BaseUrl -Credential (Import-Clixml -LiteralPath "$Folder/client.xml")
    $path = Join-Path $Folder "failures-$($now.ToString('yyyy-MM-dd')).csv"
    $said = & "$PSScriptRoot/Export-Failures.ps1" -Path $path
    $exitCode = 0
}
catch {
    $said = "$($_.FullyQualifiedErrorId.Split(',')[0]): $($_.Exception.Message)"
    $exitCode = 1
}
Add-Content -LiteralPath "$Folder/export.log" -Value "$($now.ToString('u')) $said"
exit $exitCode
