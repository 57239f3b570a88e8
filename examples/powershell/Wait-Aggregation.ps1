#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Waits for an aggregation that was just started, and shows how it ended.

    .DESCRIPTION
        Give the id of the task, as the response to load-accounts has it ($response.task.id), or the id of the source:
        then the script waits for the latest of its account aggregations. Ends with exit code 0 when the aggregation
        succeeded, with or without warnings, else 1.

    .EXAMPLE
        ./Wait-Aggregation.ps1 -Id $response.task.id

        Waits for that task.

    .EXAMPLE
        ./Wait-Aggregation.ps1 -SourceId 2c91808a7813090a017814121e121518 -TimeoutSeconds 7200

        Waits up to two hours for the source's latest aggregation.
#>
[CmdletBinding(DefaultParameterSetName = 'Task')]
param(
    [Parameter(Mandatory, ParameterSetName = 'Task')]
    [string] $Id,

    [Parameter(Mandatory, ParameterSetName = 'Source')]
    [string] $SourceId,

    [int] $TimeoutSeconds = 3600
)

try {
    if ($SourceId) {
        $aggregations = @{ SourceId = $SourceId; Type = 'CLOUD_ACCOUNT_AGGREGATION' }
        $latest = Get-V2024TaskStatusList @aggregations -Sorters '-created' -Limit 1 -ErrorAction Stop
        if (-not $latest) {
            "source $SourceId has no account aggregation"
            exit 1
        }
        $Id = $latest.id
    }
    $task = Wait-V2024TaskStatus -Id $Id -TimeoutSeconds $TimeoutSeconds -ErrorAction Stop
    "$($task.uniqueName) ended with $($task.completionStatus) after $($task.Duration())"
    $task.messages | ForEach-Object { "  $_" }
    exit 0
}
catch {
    # For example TaskFailed, TaskGone, NotFound or Timeout.
    "$($_.FullyQualifiedErrorId.Split(',')[0]): $($_.Exception.Message)"
    exit 1
}
