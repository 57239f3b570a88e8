<#
    .SYNOPSIS
        Clears pending tasks that are stuck.

    .DESCRIPTION
        Sets completionStatus and completed of a task with one patch. This is the
        way to clear a stuck task: the tenant then treats the task as ended. (Hence
        the verb Complete: nothing is stopped, removed or reset.)

        The cmdlet gets each task first. If the task already has a completion
        status, the cmdlet skips it with a warning. Otherwise it asks for
        confirmation and names the task, its source and its age. -Confirm:$false
        clears tasks without asking; -WhatIf only shows what would be cleared.

        A failed request is a terminating error: an HttpResponseException with the
        tenant's response. $_.Exception.Response.StatusCode.value__ is the status,
        $_.ErrorDetails is the body, and $_.ErrorDetails.RecommendedAction is a
        hint. With -ErrorAction Continue, SilentlyContinue or Ignore, each item
        that fails writes one error record instead, and the pipeline continues.

        The token needs the scope idn:task-management:write. It must belong to a
        user (a personal access token), not to an application.

    .PARAMETER Id
        The ids of the tasks, or objects with an id, such as pending tasks.

    .PARAMETER CompletionStatus
        The completion status to set. The default is ERROR. A status that is
        none of those that Tab offers is sent as it is, with a warning.

    .PARAMETER Completed
        The completion time to set, a [datetime], a [datetimeoffset], or text,
        such as '2026-11-28T10:00Z'. Text without an offset from UTC is local
        time. The default is now.

    .PARAMETER ThrottleLimit
        How many tasks are completed at once, from 1 to 100. The default is 1.
        Questions come in the order of the tasks, and nothing of a task is
        changed before its question is answered. Results and errors come in the
        order of the objects. One that has come is written when the next object
        arrives, or at the end: with a slow command before this one, it may be
        written later than it came.

        If an error ends the pipeline, nothing more is sent, a retry included,
        and a warning says what became of the changes on their way. A later
        command that stops the pipeline, such as Select-Object -First, or
        Ctrl+C has the same effect: the responses get 10 s, after Ctrl+C one,
        and the warning names the tasks. With -WarningAction Stop or Inquire,
        what became of them is in $_.ErrorDetails.RecommendedAction of the
        error. Changes of the same task are sent one after the other.

    .INPUTS
        System.Object. The id of a task, or an object with an id, such as a pending
        task.

    .OUTPUTS
        V2024.TaskStatus. The task after the change.

    .EXAMPLE
        $yesterday = (Get-Date).AddDays(-1).ToUniversalTime()
        Get-V2024PendingTasks -All | Where-Object created -LT $yesterday |
            Complete-V2024PendingTask -WhatIf

        Shows which tasks are older than a day and would be cleared.

    .EXAMPLE
        $id = '00eebcf881994e419d72e757fd30dc0e'
        Complete-V2024PendingTask $id -CompletionStatus TERMINATED -Confirm:$false

        Clears one task without asking.

    .LINK
        Get-V2024PendingTasks

    .LINK
        Update-V2024TaskStatus
#>
function Complete-V2024PendingTask {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High',
        HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
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
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions('ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING')]
        [string] $CompletionStatus = 'ERROR',

        [Parameter()]
        [ValidateNotNull()]
        [object] $Completed,

        [ValidateRange(1, 100)]
        [int] $ThrottleLimit = 1
    )
    begin { $call = $script:Session.CompletePendingTask($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($CompletionStatus, $ThrottleLimit) }
    end { $call.End() }
    clean { $call.Dispose() }
}
