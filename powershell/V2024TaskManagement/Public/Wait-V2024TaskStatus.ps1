<#
    .SYNOPSIS
        Waits until tasks have ended, and gives them.

    .DESCRIPTION
        Waits for all tasks at once and gives each as it ends. A task has ended when it has both completed and
        completionStatus. One task is asked for by its id, several by a filtered list; the intervals between two looks
        grow. Ctrl+C leaves at once.

        SUCCESS and WARNING are good. What else happens to a task is an error record, and the waiting for the others goes
        on (-ErrorAction Stop ends it):
        TaskFailed, the task ended otherwise: it is given all the same, and is the record's TargetObject;
        NotFound, there is no such task;
        TaskGone, the task vanished meanwhile;
        Timeout, the task has not ended within -TimeoutSeconds.
        For the last three TargetObject is the id.

        Anything else that fails, such as a refused token, is a terminating error, as it is for the other cmdlets. A
        tenant that cannot be reached for a while is asked again.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Id
        The tasks' ids. From the pipeline they are taken by value, or from an object's property id.

    .PARAMETER TimeoutSeconds
        How long to wait in all, in seconds. The default is to wait without end.

    .PARAMETER PollingIntervalSeconds
        The first interval between two looks, in seconds, 0.01 the smallest. Intervals grow by half each time, to 30
        seconds, or stay at this value where it is longer. The default is 2.

    .INPUTS
        System.String. The id of a task, or an object with a property id, such as a task status.

    .OUTPUTS
        V2024.TaskStatus. Each task as it was when it had ended.

    .EXAMPLE
        $task = Wait-V2024TaskStatus -Id 11eebcf881994e419d72e757fd30dc0e -TimeoutSeconds 3600
        $task.completionStatus

        Waits up to an hour for one task.

    .EXAMPLE
        Get-V2024PendingTasks -All | Wait-V2024TaskStatus -ErrorAction SilentlyContinue -ErrorVariable problems | Group-Object completionStatus -NoElement
        $problems | ForEach-Object { "$($_.FullyQualifiedErrorId): $($_.Exception.Message)" }

        Waits for everything that is pending, and tells how it ended.

    .LINK
        Get-V2024TaskStatus

    .LINK
        Get-V2024PendingTasks
#>
function Wait-V2024TaskStatus {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({ & @(Get-Module V2024TaskManagement)[0] { Import-V2024Private; Complete-V2024Id -Of Task -Word $args[0] } $args[2] })]
        [string[]] $Id,

        [Parameter()]
        [ValidateRange(0, 31536000)]
        [double] $TimeoutSeconds,

        [Parameter()]
        [ValidateRange(0.01, 31536000)]
        [double] $PollingIntervalSeconds
    )
    begin {
        Import-V2024Private
        $ids = [Collections.Generic.List[string]]::new()
    }
    process { $ids.AddRange($Id) }
    end { if ($ids.Count) { Wait-V2024Task -Cmdlet $PSCmdlet -Id $ids -Bound $PSBoundParameters } }
}
