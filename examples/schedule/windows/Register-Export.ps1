#Requires -Version 7.4

<#
    .SYNOPSIS
        Registers a scheduled task of Windows that writes the failures of the last 24 hours to a file each morning.

    .DESCRIPTION
        Run it as administrator, in the session of the user under whose account the task will run: Export-Clixml
        encrypts the client's secret so that only this user can read it, on this machine. The scheduled task runs
        Invoke-Export.ps1, which must lie beside this script, also while the user is not logged in.

    .EXAMPLE
        ./Register-Export.ps1 -BaseUrl https://TENANT.api.identitynow.com -Folder C:\FailedTasks

        Asks for the client id and secret, then for the Windows account and its password.
#>
[CmdletBinding()]
param(
    # The tenant's API address.
    [Parameter(Mandatory)]
    [string] $BaseUrl,

    # The folder for the files; made if it does not exist.
    [Parameter(Mandatory)]
    [string] $Folder,

    # The client id and secret of a personal access token.
    [Parameter(Mandatory)]
    [pscredential] $Client,

    # The Windows account of this session, and its password.
    [Parameter(Mandatory)]
    [pscredential] $Account,

    # The local time of day.
    [datetime] $At = '06:00',

    # The name of the scheduled task.
    [string] $Name = 'Failed tasks'
)

$ErrorActionPreference = 'Stop'

# A backslash before a quotation mark would hide the mark.
$Folder = [IO.Path]::TrimEndingDirectorySeparator((New-Item -ItemType Directory -Path $Folder -Force).FullName)
$Client | Export-Clixml -LiteralPath "$Folder/client.xml"

$script = Join-Path $PSScriptRoot 'Invoke-Export.ps1'
$arguments = "-NoProfile -NonInteractive -File `"$script`" -BaseUrl `"$BaseUrl`" -Folder `"$Folder`""
$settings = @{
    # After the machine was off at that time, and never twice at once.
    StartWhenAvailable = $true
    MultipleInstances  = 'IgnoreNew'
    ExecutionTimeLimit = [timespan]::FromHours(2)
}
$task = @{
    TaskName = $Name
    Action   = New-ScheduledTaskAction -Execute (Join-Path $PSHOME pwsh.exe) -Argument $arguments
    Trigger  = New-ScheduledTaskTrigger -Daily -At $At
    Settings = New-ScheduledTaskSettingsSet @settings
    User     = $Account.UserName
    Password = $Account.GetNetworkCredential().Password
}
$null = Register-ScheduledTask @task
"'$Name' runs every day at $($At.ToString('HH:mm')); see $(Join-Path $Folder export.log)"
