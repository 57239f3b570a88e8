<#
    .SYNOPSIS
        Changes the status of a task with a JSON Patch, for example to clear a
        stuck task.

    .DESCRIPTION
        Sends the operations in order, as one JSON array, and returns the changed
        task. To clear a stuck task, set its completionStatus and completed. The
        tenant decides what a patch may change: values are sent as given, a
        [datetime] as ISO 8601 in UTC.

        A patch is retried only if the first request certainly had no effect: after
        429, or if it was not sent.

        A failed request is a terminating error: an HttpResponseException with the
        tenant's response. $_.Exception.Response.StatusCode.value__ is the status,
        $_.ErrorDetails is the body, and $_.ErrorDetails.RecommendedAction is a
        hint. With -ErrorAction Continue, SilentlyContinue or Ignore, each item
        that fails writes one error record instead, and the pipeline continues.

        The token needs the scope idn:task-management:write. It must belong to a
        user (a personal access token), not to an application.

    .PARAMETER Id
        The task's id, or an object with an id, such as a task. An id that has
        only digits must be in quotes, because PowerShell reads it as a number.

    .PARAMETER JsonPatchOperation
        The operations: objects or hashtables with op, path and value (see
        Initialize-V2024JsonPatchOperation), or the JSON text of one operation
        or of an array, also as its lines from Get-Content. With -Id given, all
        operations from the pipeline form one patch. Of objects with further
        properties, such as rows of a CSV file, only the members of the
        operation are sent. With -Id given, objects that have an id are
        refused.

    .PARAMETER ThrottleLimit
        How many tasks from the pipeline are changed at once, from 1 to 100.
        The default is 1. Results and errors come in the order of the objects.
        One that has come is written when the next object arrives, or at the
        end: with a slow command before this one, it may be written later than
        it came.

        If an error ends the pipeline, nothing more is sent, a retry included,
        and a warning says what became of the changes on their way. A later
        command that stops the pipeline, such as Select-Object -First, or
        Ctrl+C has the same effect: the responses get 10 s, after Ctrl+C one,
        and the warning names the tasks. With -WarningAction Stop or Inquire,
        what became of them is in $_.ErrorDetails.RecommendedAction of the
        error. Changes of the same task are sent one after the other.

    .PARAMETER WithHttpInfo
        Returns a hashtable with Response, StatusCode and Headers instead of
        only the result. Header names match in any case, and each value is an
        array of strings: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header
        X-SailPoint-Experimental.

    .INPUTS
        System.Object. The id of a task, or an object with an id; or patch
        operations, with -Id given.

    .OUTPUTS
        V2024.TaskStatus. The task after the change.

    .EXAMPLE
        $clear = @(
            @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
            @{ op = 'replace'; path = '/completed'; value = [datetime]::UtcNow }
        )
        Get-V2024PendingTasks -All |
            Where-Object created -LT ([datetime]::UtcNow.AddDays(-1)) |
            Update-V2024TaskStatus -JsonPatchOperation $clear

        Clears every pending task that is older than a day, without asking. It
        compares created because a task that was never launched has no launched,
        and a missing value counts as less than any date. Complete-V2024PendingTask
        asks first, and skips tasks that have ended in the meantime.

    .EXAMPLE
        $json = '{"op":"replace","path":"/description","value":"New words"}'
        $id = '00eebcf881994e419d72e757fd30dc0e'
        Update-V2024TaskStatus -Id $id -JsonPatchOperation $json

        Changes the description of one task with JSON text.

    .EXAMPLE
        $patch = @{ op = 'replace'; path = '/description'; value = 'Stuck' }
        Get-V2024PendingTasks -All |
            Update-V2024TaskStatus -JsonPatchOperation $patch -WhatIf

        Shows which tasks would be changed.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/update-task-status

    .LINK
        Initialize-V2024JsonPatchOperation

    .LINK
        Get-V2024PendingTasks
#>
function Update-V2024TaskStatus {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low',
        HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({
                $command = $ExecutionContext.InvokeCommand.GetCommand($args[0], 'Function')
                $complete = { [CmdletBinding()] param($Word) $script:Session.OfferTasks($PSCmdlet, $Word) }
                & $command.ScriptBlock.Module $complete $args[2]
            })]
        [object] $Id,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [AllowEmptyString()]
        [psobject[]] $JsonPatchOperation,

        [ValidateRange(1, 100)]
        [int] $ThrottleLimit = 1,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin { $call = $script:Session.UpdateTaskStatus($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($ThrottleLimit) }
    end { $call.End() }
    clean { $call.Dispose() }
}
