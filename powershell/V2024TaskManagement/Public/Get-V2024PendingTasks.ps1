<#
    .SYNOPSIS
        Lists the tasks that have not ended.

    .DESCRIPTION
        Lists one page of the tenant's pending tasks: those without a completion
        status. -All lists every page. If a page fails, the tasks before it are
        returned first, and the error names the offset.

        A failed request is a terminating error: an HttpResponseException with the
        tenant's response. $_.Exception.Response.StatusCode.value__ is the status,
        $_.ErrorDetails is the body, and $_.ErrorDetails.RecommendedAction is a
        hint. With -ErrorAction Continue, SilentlyContinue or Ignore, each item
        that fails writes one error record instead, and the pipeline continues.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Offset
        How many tasks to skip, from 0. The tenant's default is 0.

    .PARAMETER Limit
        The maximum number of tasks, 0 to 250. The tenant's default is 250.

    .PARAMETER Count
        Whether to request the header X-Total-Count, the number of all pending
        tasks; see -WithHttpInfo. The tenant's default is $false.

    .PARAMETER All
        Lists every page, and fetches pages ahead while you process the current
        one: up to four, which the setting PagesAhead changes, and none but the
        next one while you take the first page. -Limit sets the page size;
        Select-Object -First stops early. No task is lost or returned twice,
        even if tasks are added or end while the listing runs.

    .PARAMETER Raw
        Returns the tenant's JSON as text instead of objects; with -All, one
        text per page.

    .PARAMETER WithHttpInfo
        Returns a hashtable with Response, StatusCode and Headers instead of
        only the result. Header names match in any case, and each value is an
        array of strings: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header
        X-SailPoint-Experimental.

    .INPUTS
        System.Int32. The offset, or an object with the properties offset, limit
        and count.

    .OUTPUTS
        V2024.TaskStatus. One object per task; no output for an empty list.

    .EXAMPLE
        Get-V2024PendingTasks -All |
            Sort-Object created | Select-Object -First 1

        Gets the oldest pending task.

    .EXAMPLE
        Get-V2024PendingTasks -Limit 10 |
            Format-Table id, uniqueName, percentComplete

        Shows the progress of up to ten pending tasks.

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
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
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
    begin { $call = $script:Session.GetPendingTasks($PSCmdlet, $PSBoundParameters) }
    process { $call.Process() }
    clean { $call.Dispose() }
}
