<#
    .SYNOPSIS
        Changes the status of a task by a JSON Patch, for example to clear one that is stuck.

    .DESCRIPTION
        Sends the operations, in order and as one JSON array, and gives the changed task. A task that is stuck is cleared
        by setting its completionStatus and completed. What a patch may change is the tenant's to say: values are sent
        as they are, a [datetime] as ISO 8601 in UTC.

        A patch is sent again only where it certainly did nothing: after 429, or when it was not sent.

        A request that fails is a terminating error, an HttpResponseException with the tenant's answer:
        $_.Exception.Response.StatusCode.value__ is the status, $_.ErrorDetails the body as it was sent,
        $_.ErrorDetails.RecommendedAction a hint. With -ErrorAction Continue, SilentlyContinue or Ignore it is one error
        record per item, and a pipeline goes on.

        The token needs the scope idn:task-management:write and must be a user's (a personal access token), not an
        application's.

    .PARAMETER Id
        The task's id. From the pipeline it is taken by value, or from an object's property id.

    .PARAMETER JsonPatchOperation
        The operations: objects or hashtables with op, path and value (Initialize-V2024JsonPatchOperation makes them), or
        JSON text of one or of an array. Operations piped to a given -Id are one patch.

    .PARAMETER WithHttpInfo
        Gives a hashtable of Response, StatusCode and Headers instead of the result alone. Names of headers are found
        whatever their case; each is an array of texts: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header X-SailPoint-Experimental.

    .INPUTS
        System.String. The id of a task, or an object with a property id; or, for a given -Id, patch operations.

    .OUTPUTS
        V2024.TaskStatus. The task as it is after the change.

    .EXAMPLE
        $clear = @(
            @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
            @{ op = 'replace'; path = '/completed'; value = [datetime]::UtcNow }
        )
        Get-V2024PendingTasks -All | Where-Object created -LT ([datetime]::UtcNow.AddDays(-1)) | Update-V2024TaskStatus -JsonPatchOperation $clear

        Clears every pending task that is older than a day, without asking. By created, because a task that was not
        launched yet has no launched, and nothing is less than any date. Complete-V2024PendingTask asks, and leaves alone
        what has ended meanwhile.

    .EXAMPLE
        Update-V2024TaskStatus -Id 00eebcf881994e419d72e757fd30dc0e -JsonPatchOperation '{"op":"replace","path":"/description","value":"New description"}'

        Changes the description of one task by JSON text.

    .EXAMPLE
        Get-V2024PendingTasks -All | Update-V2024TaskStatus -JsonPatchOperation @{ op = 'replace'; path = '/completionStatus'; value = 'ERROR' } -WhatIf

        Says which tasks would be changed.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/update-task-status

    .LINK
        Initialize-V2024JsonPatchOperation

    .LINK
        Get-V2024PendingTasks
#>
function Update-V2024TaskStatus {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [ArgumentCompleter({ & @(Get-Module V2024TaskManagement)[0] { Import-V2024Private; Complete-V2024Id -Of Task -Word $args[0] } $args[2] })]
        [string] $Id,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [psobject[]] $JsonPatchOperation,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin {
        # Operations piped for one given id come one by one, and are one patch.
        $collects = $PSBoundParameters.ContainsKey('Id') -and -not $PSBoundParameters.ContainsKey('JsonPatchOperation')
        $collected = [Collections.Generic.List[object]]::new()
    }
    process {
        if ($collects) { $collected.AddRange($JsonPatchOperation); return }
        if ($script:Session.Asks($PSCmdlet)) {
            Import-V2024Private
            if (-not (Confirm-V2024Update -Cmdlet $PSCmdlet -Id $Id -JsonPatchOperation $JsonPatchOperation)) { return }
        }
        $call = $script:Session.Run($PSCmdlet, 'update_task_status', $PSBoundParameters)
        if ($call.IsDone) { return $call.Result }
        Import-V2024Private
        Receive-V2024Result -Cmdlet $PSCmdlet -Call $call -Operation 'update_task_status' -Bound $PSBoundParameters
    }
    end {
        if (-not $collected.Count) { return }
        Import-V2024Private
        if (-not (Confirm-V2024Update -Cmdlet $PSCmdlet -Id $Id -JsonPatchOperation $collected)) { return }
        $PSBoundParameters['JsonPatchOperation'] = $collected
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'update_task_status' -Bound $PSBoundParameters
    }
}
