<#
    .SYNOPSIS
        Lists the status of tasks, newest first.

    .DESCRIPTION
        Lists one page of the tenant's tasks: account and entitlement aggregations
        and other background jobs of the last 90 days. -All lists every page. If a
        page fails, the tasks before it are returned first, and the error names the
        offset.

        As text, for example in Export-Csv, a target is its name, and a message is
        its wording. Export-Csv takes its columns from the first task; use
        Select-Object to get the same columns for every list.

        A failed request is a terminating error: an HttpResponseException with the
        tenant's response. $_.Exception.Response.StatusCode.value__ is the status,
        $_.ErrorDetails is the body, and $_.ErrorDetails.RecommendedAction is a
        hint. With -ErrorAction Continue, SilentlyContinue or Ignore, each item
        that fails writes one error record instead, and the pipeline continues.

        The token needs the scope idn:task-management:read (or write).

    .PARAMETER Limit
        The maximum number of tasks, 0 to 250. The tenant's default is 250.

    .PARAMETER Offset
        How many tasks to skip, from 0. The tenant's default is 0.

    .PARAMETER Count
        Whether to request the header X-Total-Count, the number of all tasks;
        see -WithHttpInfo. Counting costs the tenant time. The tenant's default
        is $false.

    .PARAMETER Filters
        A filter in the API's syntax: id, sourceId, completionStatus and type,
        each with eq or in, joined with and. It is sent unchanged. The filter's
        names for types, such as CLOUD_ACCOUNT_AGGREGATION, differ from the
        types in the results, such as QUARTZ.

    .PARAMETER Sorters
        created or -created.

    .PARAMETER CompletionStatus
        Only tasks with one of these completion statuses: SUCCESS, WARNING,
        ERROR, TERMINATED, TEMPERROR. It is combined with -Filters and the
        parameters below; a task must match all of them.

    .PARAMETER SourceId
        Only tasks of these sources. Give the sources' ids, or objects with an
        id, such as a task's target.

    .PARAMETER Type
        Only tasks of these types. Use the filter's names, such as
        CLOUD_ACCOUNT_AGGREGATION.

    .PARAMETER After
        Only tasks created at this time or later: a [datetime], a
        [datetimeoffset], or text, such as '2026-11-28' or '2026-11-28T10:00Z'.
        Text without an offset from UTC is local time. The API cannot filter by
        date, so the cmdlet selects the tasks itself. With -All it stops
        reading after twenty tasks in a row beyond the range (it sorts by
        -created, unless -Sorters says otherwise), or at the end of the list if
        the tenant's total does not show that no task is missing so far.
        Without -All it reads one page, and warns if there may be more tasks in
        the range.

    .PARAMETER Before
        Only tasks created before this time; see -After.

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
        System.Int32. The limit, or an object with the properties limit, offset,
        count, filters and sorters.

    .OUTPUTS
        V2024.TaskStatus. One object per task; no output for an empty list.

    .EXAMPLE
        $filter = 'completionStatus eq "ERROR"'
        Get-V2024TaskStatusList -Filters $filter -Sorters '-created' -Limit 10

        Lists the last ten tasks that failed.

    .EXAMPLE
        $yesterday = (Get-Date).AddDays(-1)
        $created = @{ n = 'created'; e = { $_.created.ToString('u') } }
        $failed = 'ERROR', 'TEMPERROR', 'TERMINATED'
        Get-V2024TaskStatusList -CompletionStatus $failed -After $yesterday -All |
            Select-Object id, uniqueName, target, $created, messages |
            Export-Csv failures.csv

        Writes which of the tasks that were created since yesterday failed to a
        CSV file. ToString('u') marks the times as UTC, which Export-Csv does not
        do.

    .EXAMPLE
        Get-V2024TaskStatusList -All | Select-Object -First 300

        Lists the last 300 tasks, and stops there.

    .EXAMPLE
        Get-V2024TaskStatusList -Limit 50 |
            Group-Object completionStatus -NoElement

        Counts the completion statuses of the last fifty tasks.

    .EXAMPLE
        $r = Get-V2024TaskStatusList -Limit 1 -Count $true -WithHttpInfo
        $r.Headers['X-Total-Count']

        Shows how many tasks there are.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-task-status-list

    .LINK
        Wait-V2024TaskStatus

    .LINK
        Get-V2024PendingTasks
#>
function Get-V2024TaskStatusList {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
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
        [ArgumentCompletions("'-created'", 'created')]
        [string] $Sorters,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions('ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING')]
        [string[]] $CompletionStatus,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({
                $command = $ExecutionContext.InvokeCommand.GetCommand($args[0], 'Function')
                $complete = { [CmdletBinding()] param($Word) $script:Session.OfferSources($PSCmdlet, $Word) }
                & $command.ScriptBlock.Module $complete $args[2]
            })]
        [object[]] $SourceId,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions(
            'CLOUD_ACCOUNT_AGGREGATION', 'CLOUD_GROUP_AGGREGATION', 'CLOUD_PROCESS_UNCORRELATED_ACCOUNTS',
            'CLOUD_REFRESH_ROLE', 'SOURCE_APPLICATION_DISCOVERY', 'AI_AGENT_AGGREGATION', 'CLOUD_ENTITLEMENT_IMPORT',
            'CLOUD_UNCORRELATED_REFRESH', 'CLOUD_IDENTITY_AGGREGATION', 'CLOUD_ATTRIBUTE_SYNCHRONIZATION',
            'IDENTITY_REFRESH', 'APPLICATION_DISCOVERY', 'MACHINE_IDENTITY_AGGREGATION', 'MACHINE_IDENTITY_DELETION',
            'ACCOUNT_DELETION')]
        [string[]] $Type,

        [Parameter()]
        [ValidateNotNull()]
        [object] $After,

        [Parameter()]
        [ValidateNotNull()]
        [object] $Before,

        [switch] $All,

        [switch] $Raw,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin { $call = $script:Session.GetTaskStatusList($PSCmdlet, $PSBoundParameters) }
    process { $call.Process() }
    clean { $call.Dispose() }
}
