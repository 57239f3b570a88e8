<#
    .SYNOPSIS
        Lists the tasks that have not ended.

    .DESCRIPTION
        Lists one page of the tenant's pending tasks, those without a completion status. -All lists them page after page.
        An error on the way comes after the tasks that were read, and tells the offset.

        A request that fails is a terminating error, an HttpResponseException with the tenant's answer:
        $_.Exception.Response.StatusCode.value__ is the status, $_.ErrorDetails the body as it was sent,
        $_.ErrorDetails.RecommendedAction a hint. With -ErrorAction Continue, SilentlyContinue or Ignore it is one error
        record per item, and a pipeline goes on.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Offset
        How many tasks to pass over, from 0. The tenant's default is 0.

    .PARAMETER Limit
        How many tasks at most, 0 to 250. The tenant's default is 250.

    .PARAMETER Count
        Whether the answer has the header X-Total-Count, the number of all pending tasks; see -WithHttpInfo. The tenant's
        default is $false.

    .PARAMETER All
        Lists page after page to the end, the next page being fetched while this one is read. -Limit is the size of a
        page; Select-Object -First stops it early. Tasks that come and go meanwhile are neither lost nor given twice.

    .PARAMETER Raw
        Gives the tenant's JSON as text instead of objects; with -All one text for each page.

    .PARAMETER WithHttpInfo
        Gives a hashtable of Response, StatusCode and Headers instead of the result alone. Names of headers are found
        whatever their case; each is an array of texts: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header X-SailPoint-Experimental.

    .INPUTS
        System.Int32. The offset, or an object with properties offset, limit and count.

    .OUTPUTS
        V2024.TaskStatus. One object per task, nothing for an empty list.

    .EXAMPLE
        Get-V2024PendingTasks -All | Sort-Object created | Select-Object -First 1

        The oldest of all pending tasks.

    .EXAMPLE
        Get-V2024PendingTasks -Limit 10 | Format-Table id, uniqueName, percentComplete

        The progress of up to ten pending tasks.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-pending-tasks

    .LINK
        Get-V2024PendingTaskHeaders

    .LINK
        Complete-V2024PendingTask

    .LINK
        Wait-V2024TaskStatus
#>
function Get-V2024PendingTasks {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Offset,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Limit,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [Nullable[bool]] $Count,

        [switch] $All,

        [switch] $Raw,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        $call = $script:Session.Run($PSCmdlet, 'get_pending_tasks', $PSBoundParameters)
        if ($call.IsDone) { return $call.Result }
        Import-V2024Private
        Receive-V2024Result -Cmdlet $PSCmdlet -Call $call -Operation 'get_pending_tasks' -Bound $PSBoundParameters
    }
}
