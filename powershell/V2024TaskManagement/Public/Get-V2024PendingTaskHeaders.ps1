<#
    .SYNOPSIS
        Gets the headers of the list of pending tasks, and how many there are.

    .DESCRIPTION
        Asks for the headers only (HEAD). With -Count $true the number of pending tasks is among them, without any of the
        tasks being sent.

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
        Whether the number of all pending tasks is asked for. The tenant's default is $false.

    .PARAMETER WithHttpInfo
        Gives a hashtable of Response, StatusCode and Headers instead of the result alone. Names of headers are found
        whatever their case; each is an array of texts: $r.Headers['X-Total-Count'].

    .PARAMETER XSailPointExperimental
        For older documented scripts, which pass 'true': sends the header X-SailPoint-Experimental.

    .INPUTS
        System.Int32. The offset, or an object with properties offset, limit and count.

    .OUTPUTS
        V2024.PendingTaskHeaders. An object with TotalCount ($null without -Count $true), StatusCode and Headers.

    .EXAMPLE
        (Get-V2024PendingTaskHeaders -Count $true).TotalCount

        How many tasks are pending.

    .EXAMPLE
        (Get-V2024PendingTaskHeaders).Headers['Date']

        One of the headers.

    .LINK
        https://developer.sailpoint.com/docs/api/v2024/get-pending-task-headers

    .LINK
        Get-V2024PendingTasks
#>
function Get-V2024PendingTaskHeaders {
    [CmdletBinding()]
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
    begin { Import-V2024Private }
    process {
        Invoke-V2024Operation -Cmdlet $PSCmdlet -Operation 'get_pending_task_headers' -Bound $PSBoundParameters
    }
}
