<#
    .SYNOPSIS
        Gets the status of a task by its id.

    .DESCRIPTION
        Gets the status of one task: an account or entitlement aggregation, or
        another background job. The tenant keeps tasks for 90 days.

        A failed request is a terminating error: an HttpResponseException with the
        tenant's response. $_.Exception.Response.StatusCode.value__ is the status,
        $_.ErrorDetails is the body, and $_.ErrorDetails.RecommendedAction is a
        hint. With -ErrorAction Continue, SilentlyContinue or Ignore, each item
        that fails writes one error record instead, and the pipeline continues.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Id
        The task's id, or an object with an id, such as a task. An id that has
        only digits must be in quotes, because PowerShell reads it as a number.

    .PARAMETER Raw
        Returns the tenant's JSON as text instead of an object.

    .PARAMETER ThrottleLimit
        How many tasks from the pipeline are requested at once, from 1 to 100.
        The default is 4. Results and errors come in the order of the objects.
        One that has come is written when the next object arrives, or at the
        end: with a slow command before this one, it may be written later than
        it came.

    .PARAMETER WithHttpInfo
        Returns a hashtable with Response, StatusCode and Headers instead of
        only the result. Header names match in any case, and each value is an
        array of strings: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header
        X-SailPoint-Experimental.

    .INPUTS
        System.Object. The id of a task, or an object with an id, such as a task
        status.

    .OUTPUTS
        V2024.TaskStatus. An object with the tenant's members; created, modified,
        launched and completed are [datetime] in UTC.

    .EXAMPLE
        Get-V2024TaskStatus -Id 00eebcf881994e419d72e757fd30dc0e

        Gets one task.

    .EXAMPLE
        Get-V2024PendingTasks -All |
            Get-V2024TaskStatus -ErrorAction SilentlyContinue |
            Format-Table id, percentComplete

        Gets every pending task again, and skips those that no longer exist.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-task-status

    .LINK
        Get-V2024TaskStatusList

    .LINK
        Update-V2024TaskStatus
#>
function Get-V2024TaskStatus {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({
                $command = $ExecutionContext.InvokeCommand.GetCommand($args[0], 'Function')
                $complete = { [CmdletBinding()] param($Word) $script:Session.OfferTasks($PSCmdlet, $Word) }
                & $command.ScriptBlock.Module $complete $args[2]
            })]
        [object] $Id,

        [ValidateRange(1, 100)]
        [int] $ThrottleLimit = 4,

        [switch] $Raw,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin { $call = $script:Session.GetTaskStatus($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($ThrottleLimit) }
    end { $call.Finish() }
    clean { $call.Dispose() }
}
