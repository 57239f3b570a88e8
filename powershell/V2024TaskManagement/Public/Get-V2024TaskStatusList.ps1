<#
    .SYNOPSIS
        Lists the status of tasks, newest first.

    .DESCRIPTION
        Lists one page of the tenant's tasks: account and entitlement aggregations and other background jobs of the last
        90 days. Invoke-Paginate reads page after page.

        A request that fails is a terminating error, an HttpResponseException with the tenant's answer:
        $_.Exception.Response.StatusCode.value__ is the status, $_.ErrorDetails the body as it was sent,
        $_.ErrorDetails.RecommendedAction a hint. With -ErrorAction Continue, SilentlyContinue or Ignore it is one error
        record per item, and a pipeline goes on.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Limit
        How many tasks at most, 0 to 250. The tenant's default is 250.

    .PARAMETER Offset
        How many tasks to pass over, from 0. The tenant's default is 0.

    .PARAMETER Count
        Whether the answer has the header X-Total-Count, the number of all tasks; see -WithHttpInfo. Costs the tenant
        time. The tenant's default is $false.

    .PARAMETER Filters
        Which tasks: id, sourceId, completionStatus and type, each with eq or in, joined by and. Sent as it is given.
        The filter's types are names such as CLOUD_ACCOUNT_AGGREGATION, not the QUARTZ of the results.

    .PARAMETER Sorters
        created or -created.

    .PARAMETER WithHttpInfo
        Gives a hashtable of Response, StatusCode and Headers instead of the result alone. Names of headers are found
        whatever their case; each is an array of texts: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header X-SailPoint-Experimental.

    .INPUTS
        System.Int32. The limit, or an object with properties limit, offset, count, filters and sorters.

    .OUTPUTS
        V2024.TaskStatus. One object per task, nothing for an empty list.

    .EXAMPLE
        Get-V2024TaskStatusList -Filters 'completionStatus eq "ERROR"' -Sorters '-created' -Limit 10

        The last ten tasks that failed.

    .EXAMPLE
        Get-V2024TaskStatusList -Limit 50 | Group-Object completionStatus -NoElement

        How the last fifty tasks ended.

    .EXAMPLE
        (Get-V2024TaskStatusList -Limit 1 -Count $true -WithHttpInfo).Headers['X-Total-Count']

        How many tasks there are.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-task-status-list

    .LINK
        Invoke-Paginate

    .LINK
        Get-V2024PendingTasks
#>
function Get-V2024TaskStatusList {
    [CmdletBinding()]
    [OutputType('V2024.TaskStatus')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Limit,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Offset,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [Nullable[bool]] $Count,

        [Parameter(Position = 3, ValueFromPipelineByPropertyName)]
        [string] $Filters,

        [Parameter(Position = 4, ValueFromPipelineByPropertyName)]
        [string] $Sorters,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'get_task_status_list' -Bound $PSBoundParameters
    }
}
