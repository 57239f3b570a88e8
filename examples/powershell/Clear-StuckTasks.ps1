<#
    .SYNOPSIS
        Clears the pending tasks that are older than a day.

    .EXAMPLE
        ./Clear-StuckTasks.ps1 -WhatIf

        Tells what would be cleared.

    .EXAMPLE
        ./Clear-StuckTasks.ps1 -Days 2 -Confirm:$false

        Clears what is older than two days, without asking for each.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    # How old a task must be, in days.
    [double] $Days = 1,

    # What a cleared task is to have ended with.
    [string] $CompletionStatus = 'TERMINATED'
)

$ErrorActionPreference = 'Stop'

$limit = [datetime]::UtcNow.AddDays(-$Days)
$stuck = @(Get-V2024PendingTasks -All | Where-Object created -LT $limit)
# -WhatIf and -Confirm of this script are the cmdlet's as well.
$cleared = @($stuck | Complete-V2024PendingTask -CompletionStatus $CompletionStatus)
"$($stuck.Count) pending tasks are older than $Days d, $($cleared.Count) were cleared"
