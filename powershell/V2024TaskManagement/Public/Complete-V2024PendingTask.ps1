<#
    .SYNOPSIS
        Clears pending tasks that are stuck.

    .DESCRIPTION
        Sets completionStatus and completed of a task by one patch, which is how a stuck task is cleared: the tenant then
        takes it for ended. (So the verb is Complete: nothing is stopped, removed or reset.)

        Each task is looked at first. One that has a completion status already is left alone, with a warning. For the
        others a confirmation is asked for, which names the task, its source and its age; -Confirm:$false goes ahead
        without, -WhatIf only tells.

        A request that fails is a terminating error, an HttpResponseException with the tenant's answer:
        $_.Exception.Response.StatusCode.value__ is the status, $_.ErrorDetails the body as it was sent,
        $_.ErrorDetails.RecommendedAction a hint. With -ErrorAction Continue, SilentlyContinue or Ignore it is one error
        record per item, and a pipeline goes on.

        The token needs the scope idn:task-management:write and must be a user's (a personal access token), not an
        application's.

    .PARAMETER Id
        The task's id. From the pipeline it is taken by value, or from an object's property id.

    .PARAMETER CompletionStatus
        What the task is to have ended with. The default is ERROR.

    .PARAMETER Completed
        When it is to have ended. The default is now.

    .INPUTS
        System.String. The id of a task, or an object with a property id, such as a pending task.

    .OUTPUTS
        V2024.TaskStatus. The task as it is after the change.

    .EXAMPLE
        Get-V2024PendingTasks -All | Where-Object created -LT (Get-Date).AddDays(-1).ToUniversalTime() | Complete-V2024PendingTask -WhatIf

        Tells which tasks are older than a day, and would be cleared.

    .EXAMPLE
        Complete-V2024PendingTask -Id 00eebcf881994e419d72e757fd30dc0e -CompletionStatus TERMINATED -Confirm:$false

        Clears one task without asking.

    .LINK
        Get-V2024PendingTasks

    .LINK
        Update-V2024TaskStatus
#>
function Complete-V2024PendingTask {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({ & @(Get-Module V2024TaskManagement)[0] { Import-V2024Private; Complete-V2024Id -Of Task -Word $args[0] } $args[2] })]
        [string] $Id,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions('ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING')]
        [string] $CompletionStatus = 'ERROR',

        [Parameter()]
        [datetime] $Completed
    )
    begin { Import-V2024Private }
    process {
        $task = Read-V2024Object -Cmdlet $PSCmdlet -Operation 'get_task_status' -Bound @{ Id = $Id }
        if ($null -eq $task) { return }
        $name = Format-V2024Task -Task $task
        $status = $task.psobject.Properties['completionStatus']?.Value
        if ($status) {
            Write-V2024Warning -Cmdlet $PSCmdlet -Message "$name is left alone: it has ended with $status."
            return
        }
        $source = "$($task.psobject.Properties['target']?.Value)"
        $target = @($name; if ($source) { "source '$source'" }; "created $(Format-V2024Age -Task $task)") -join ', '
        if (-not (Confirm-V2024Change -Cmdlet $PSCmdlet -Target $target -Action "complete with $CompletionStatus")) { return }
        $operations = @(
            @{ op = 'replace'; path = '/completionStatus'; value = $CompletionStatus }
            @{ op = 'replace'; path = '/completed'; value = $PSBoundParameters.ContainsKey('Completed') ? $Completed : [datetime]::UtcNow }
        )
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'update_task_status' -Bound @{ Id = $Id; JsonPatchOperation = $operations }
    }
}
