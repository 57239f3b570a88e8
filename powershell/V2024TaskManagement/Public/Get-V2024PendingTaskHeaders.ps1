<#
    .SYNOPSIS
        Gets the response headers of the list of pending tasks, and how many
        pending tasks there are.

    .DESCRIPTION
        Requests only the headers (HEAD). With -Count $true they include the number
        of pending tasks, and no task is transferred.

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
        Whether to request the number of all pending tasks. The tenant's
        default is $false.

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
        V2024.PendingTaskHeaders. An object with TotalCount ($null without -Count
        $true), StatusCode and Headers.

    .EXAMPLE
        (Get-V2024PendingTaskHeaders -Count $true).TotalCount

        Shows how many tasks are pending.

    .EXAMPLE
        (Get-V2024PendingTaskHeaders).Headers['Date']

        Shows one of the headers.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-pending-task-headers

    .LINK
        Get-V2024PendingTasks
#>
function Get-V2024PendingTaskHeaders {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
    [OutputType('V2024.PendingTaskHeaders')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Offset,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Nullable[int]] $Limit,

        [Parameter(Position = 2, ValueFromPipelineByPropertyName)]
        [Nullable[bool]] $Count,

        [switch] $WithHttpInfo,

        [Parameter(DontShow)]
        [string] $XSailPointExperimental
    )
    begin { $call = $script:Session.GetPendingTaskHeaders($PSCmdlet, $PSBoundParameters) }
    process { $call.Process() }
    clean { $call.Dispose() }
}
