<#
    .SYNOPSIS
        Waits until tasks have ended, and returns them.

    .DESCRIPTION
        Waits for all tasks at once, and returns each task when it ends. A task has
        ended when it has both completed and completionStatus. The cmdlet polls one
        task by its id, and several with a filtered list, at growing intervals.
        Ctrl+C stops it at once.

        SUCCESS and WARNING are good. Any other outcome of a task is an error
        record, and the cmdlet continues to wait for the other tasks (-ErrorAction
        Stop ends it):

            TaskFailed  the task ended with another completion status. The task
                        is still returned, and is the record's TargetObject.
            NotFound    there is no such task.
            TaskGone    the task disappeared during the wait.
            Timeout     the task did not end within -TimeoutSeconds.

        For the last three, TargetObject is the id.

        Other failures, such as a refused token, are terminating errors, as in the
        other cmdlets. If the tenant cannot be reached for a while, the cmdlet
        continues to poll.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Id
        The ids of the tasks, or objects with an id, such as tasks.

    .PARAMETER TimeoutSeconds
        How long to wait in total, in seconds. The default is to wait forever.

    .PARAMETER PollingIntervalSeconds
        The first polling interval, in seconds, at least 0.01. Each next
        interval is half as long again, up to 30 seconds; an interval longer
        than that stays the same. The default is 2.

    .INPUTS
        System.Object. The id of a task, or an object with an id, such as a task
        status.

    .OUTPUTS
        V2024.TaskStatus. Each task, after it has ended.

    .EXAMPLE
        $id = '11eebcf881994e419d72e757fd30dc0e'
        $task = Wait-V2024TaskStatus -Id $id -TimeoutSeconds 3600
        $task.completionStatus

        Waits up to an hour for one task.

    .EXAMPLE
        $errors = @{
            ErrorAction   = 'SilentlyContinue'
            ErrorVariable = 'failed'
        }
        Get-V2024PendingTasks -All | Wait-V2024TaskStatus @errors |
            Group-Object completionStatus -NoElement
        $failed | ForEach-Object { $_.Exception.Message }

        Waits for all pending tasks, and shows how they ended.

    .LINK
        Get-V2024TaskStatus

    .LINK
        Get-V2024PendingTasks
#>
function Wait-V2024TaskStatus {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({
                $command = $ExecutionContext.InvokeCommand.GetCommand($args[0], 'Function')
                $complete = { [CmdletBinding()] param($Word) $script:Session.OfferTasks($PSCmdlet, $Word) }
                & $command.ScriptBlock.Module $complete $args[2]
            })]
        [object[]] $Id,

        [Parameter()]
        [ValidateRange(0.0, 31536000.0)]
        # The defaults are for Get-Help, which would show 0.
        [double] $TimeoutSeconds = [double]::PositiveInfinity,

        [Parameter()]
        [ValidateRange(0.01, 31536000.0)]
        [double] $PollingIntervalSeconds = 2
    )
    begin { $call = $script:Session.WaitTaskStatus($PSCmdlet, $PSBoundParameters) }
    process { $call.Process() }
    end { $call.End() }
    clean { $call.Dispose() }
}
