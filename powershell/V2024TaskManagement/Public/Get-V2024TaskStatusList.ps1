<#
    .SYNOPSIS
        Lists the status of tasks, newest first.

    .DESCRIPTION
        Lists one page of the tenant's tasks: account and entitlement aggregations and other background jobs of the last
        90 days. -All lists them page after page. An error on the way comes after the tasks that were read, and tells the
        offset.

        As text a target is its name, messages are what they say: Export-Csv writes them so. Its columns are the members
        of the first task; Select-Object makes them the same for every list.

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

    .PARAMETER CompletionStatus
        Only tasks that ended so: SUCCESS, WARNING, ERROR, TERMINATED, TEMPERROR. One or several; combined with -Filters
        and the parameters below by and.

    .PARAMETER SourceId
        Only tasks of these sources, by their ids; an object such as a task's target stands for its id.

    .PARAMETER Type
        Only tasks of these kinds, by the filter's names, such as CLOUD_ACCOUNT_AGGREGATION.

    .PARAMETER After
        Only tasks created at this time or later. The API cannot filter by date, so tasks are chosen on this side: with
        -All reading stops where the range ends (sorted by -created, unless -Sorters says otherwise); without it one page
        is looked at, and a warning says when there may be more.

    .PARAMETER Before
        Only tasks created before this time; see -After.

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
        System.Int32. The limit, or an object with properties limit, offset, count, filters and sorters.

    .OUTPUTS
        V2024.TaskStatus. One object per task, nothing for an empty list.

    .EXAMPLE
        Get-V2024TaskStatusList -Filters 'completionStatus eq "ERROR"' -Sorters '-created' -Limit 10

        The last ten tasks that failed.

    .EXAMPLE
        Get-V2024TaskStatusList -CompletionStatus ERROR, TEMPERROR -After (Get-Date).AddDays(-1) -All |
            Select-Object id, uniqueName, target, @{ Name = 'created'; Expression = { $_.created.ToString('u') } }, messages | Export-Csv failures.csv

        What failed since yesterday, as a table for a spreadsheet. Export-Csv by itself would write times without saying
        that they are UTC.

    .EXAMPLE
        Get-V2024TaskStatusList -All | Select-Object -First 300

        The last 300 tasks, by two requests.

    .EXAMPLE
        Get-V2024TaskStatusList -Limit 50 | Group-Object completionStatus -NoElement

        How the last fifty tasks ended.

    .EXAMPLE
        (Get-V2024TaskStatusList -Limit 1 -Count $true -WithHttpInfo).Headers['X-Total-Count']

        How many tasks there are.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-task-status-list

    .LINK
        Wait-V2024TaskStatus

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
        [ArgumentCompletions("'-created'", 'created')]
        [string] $Sorters,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions('ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING')]
        [string[]] $CompletionStatus,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & @(Get-Module V2024TaskManagement)[0] { Import-V2024Private; Complete-V2024Id -Of Source -Word $args[0] } $args[2] })]
        [object[]] $SourceId,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompletions(
            'CLOUD_ACCOUNT_AGGREGATION', 'CLOUD_GROUP_AGGREGATION', 'CLOUD_PROCESS_UNCORRELATED_ACCOUNTS', 'CLOUD_REFRESH_ROLE',
            'SOURCE_APPLICATION_DISCOVERY', 'AI_AGENT_AGGREGATION', 'CLOUD_ENTITLEMENT_IMPORT', 'CLOUD_UNCORRELATED_REFRESH',
            'CLOUD_IDENTITY_AGGREGATION', 'CLOUD_ATTRIBUTE_SYNCHRONIZATION', 'IDENTITY_REFRESH', 'APPLICATION_DISCOVERY',
            'MACHINE_IDENTITY_AGGREGATION', 'MACHINE_IDENTITY_DELETION', 'ACCOUNT_DELETION')]
        [string[]] $Type,

        [Parameter()]
        [datetime] $After,

        [Parameter()]
        [datetime] $Before,

        [switch] $All,

        [switch] $Raw,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    process {
        $bound = $PSBoundParameters
        $range = $null
        foreach ($name in 'CompletionStatus', 'SourceId', 'Type', 'After', 'Before') {
            if (-not $bound.ContainsKey($name)) { continue }
            Import-V2024Private
            $bound = [hashtable] $PSBoundParameters
            $bound['Filters'] = Join-V2024Filter -Bound $bound
            $range = New-V2024Range -Bound $bound
            if ($range -and $range.After -ge $range.Before) {
                Write-V2024InvalidArgument -Cmdlet $PSCmdlet -Message "nothing was created after $($range.After.ToString('u')) and before $($range.Before.ToString('u'))"
                return
            }
            break
        }
        if ($range -and $Raw) {
            Write-V2024InvalidArgument -Cmdlet $PSCmdlet -Message '-Raw gives pages as the tenant sent them, so it cannot go with -After and -Before'
            return
        }
        $call = $script:Session.Run($PSCmdlet, 'get_task_status_list', $bound)
        if ($call.IsDone) { return $call.Result }
        Import-V2024Private
        Receive-V2024Result -Cmdlet $PSCmdlet -Call $call -Operation 'get_task_status_list' -Bound $bound -Range $range
    }
}
