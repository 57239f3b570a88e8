#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Clears the pending tasks that are older than a day.

    .DESCRIPTION
        If a task cannot be cleared, an error says why, the others are cleared all the same, and the script ends with
        the exit code 1.

    .EXAMPLE
        ./Clear-StuckTasks.ps1 -WhatIf

        Shows which tasks would be cleared.

    .EXAMPLE
        ./Clear-StuckTasks.ps1 -Days 2 -Confirm:$false

        Clears the tasks that are older than two days, without asking for each.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    # The minimum age of a task, in days.
    [double] $Days = 1,

    # The completion status to set. TERMINATED tells these tasks from those that failed by themselves.
    [string] $CompletionStatus = 'TERMINATED'
)

$ErrorActionPreference = 'Stop'

$limit = [datetime]::UtcNow.AddDays(-$Days)
$stuck = @(Get-V2024PendingTasks -All | Where-Object created -LT $limit)
# The cmdlet inherits -WhatIf and -Confirm from this script. By default, the first error would end the pipeline.
$options = @{ CompletionStatus = $CompletionStatus; ErrorAction = 'Continue'; ErrorVariable = 'failures' }
$cleared = @($stuck | Complete-V2024PendingTask @options)
"Pending tasks older than $Days d: $($stuck.Count), cleared: $($cleared.Count), failed: $($failures.Count)"
exit $failures.Count ? 1 : 0
