<#
    .SYNOPSIS
        Lists page after page.

    .DESCRIPTION
        Calls a cmdlet that takes -Limit, -Offset and -WithHttpInfo until it has given as many items as were asked for,
        or has no more. Items are passed on as they come. A page that fails is an error; the items before it have been
        passed on. A warning says so when -Limit cut the result.

    .PARAMETER Function
        The cmdlet: Get-V2024TaskStatusList or Get-V2024PendingTasks, or another that pages the same way.

    .PARAMETER InitialOffset
        How many items to pass over. The default is 0.

    .PARAMETER Increment
        The size of a page. The default is 250.

    .PARAMETER Limit
        How many items at most. The default is 10000.

    .PARAMETER Parameters
        Further parameters for the cmdlet.

    .PARAMETER WithHttpInfo
        Gives one object with Response (all items), and StatusCode and Headers of the last page.

    .INPUTS
        None.

    .OUTPUTS
        What the cmdlet gives.

    .EXAMPLE
        Invoke-Paginate -Function Get-V2024TaskStatusList -Parameters @{ Filters = 'completionStatus eq "ERROR"' } | Measure-Object

        Counts the tasks that failed.

    .EXAMPLE
        Invoke-Paginate -Function Get-V2024PendingTasks -Increment 100 -Limit 1000

        Up to a thousand pending tasks, a hundred by each request.

    .LINK
        Get-V2024TaskStatusList

    .LINK
        Get-V2024PendingTasks
#>
function Invoke-Paginate {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string] $Function,

        [Parameter()]
        [ValidateRange(0, [int]::MaxValue)]
        [int] $InitialOffset = 0,

        [Parameter()]
        [ValidateRange(1, [int]::MaxValue)]
        [int] $Increment = 250,

        [Parameter()]
        [ValidateRange(0, [int]::MaxValue)]
        [int] $Limit = 10000,

        [Parameter()]
        [hashtable] $Parameters = @{},

        [switch] $WithHttpInfo
    )
    begin { Import-V2024Private }
    process {
        $paging = @{ Function = $Function; InitialOffset = $InitialOffset; Increment = $Increment; Limit = $Limit; Parameters = $Parameters; WithHttpInfo = $WithHttpInfo }
        Invoke-V2024Paging -Cmdlet $PSCmdlet @paging
    }
}
