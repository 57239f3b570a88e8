<#
    .SYNOPSIS
        Calls a cmdlet for page after page.

    .DESCRIPTION
        Calls a cmdlet that has the parameters -Limit, -Offset and -WithHttpInfo
        until it has returned as many items as -Limit says, or has no more. Items
        are returned as they arrive. If a page fails, that is an error; the items
        before it have been returned. A warning says so if -Limit cut the result
        short.

    .PARAMETER Function
        The cmdlet: Get-V2024TaskStatusList, Get-V2024PendingTasks, or another
        one with the same parameters.

    .PARAMETER InitialOffset
        How many items to skip. The default is 0.

    .PARAMETER Increment
        The page size. The default is 250.

    .PARAMETER Limit
        The maximum number of items. The default is 10000.

    .PARAMETER Parameters
        More parameters for the cmdlet.

    .PARAMETER WithHttpInfo
        Returns one object with Response (all items), and with StatusCode and
        Headers of the last page.

    .INPUTS
        None.

    .OUTPUTS
        The output of the cmdlet.

    .EXAMPLE
        $filter = @{ Filters = 'completionStatus eq "ERROR"' }
        Invoke-Paginate -Function Get-V2024TaskStatusList -Parameters $filter |
            Measure-Object

        Counts the tasks that failed.

    .EXAMPLE
        $pages = @{ Increment = 100; Limit = 1000 }
        Invoke-Paginate -Function Get-V2024PendingTasks @pages

        Lists up to a thousand pending tasks, a hundred per request.

    .LINK
        Get-V2024TaskStatusList

    .LINK
        Get-V2024PendingTasks
#>
function Invoke-Paginate {
    [CmdletBinding(HelpUri = 'https://github.com/v2024-task-management/v2024-task-management#powershell')]
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
    begin { $call = $script:Session.Paginate($PSCmdlet, $PSBoundParameters) }
    process { $call.Process($Function, $InitialOffset, $Increment, $Limit, $Parameters) }
    clean { $call.Dispose() }
}
