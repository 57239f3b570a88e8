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
        # This module's own cmdlet, whatever the caller's aliases and other modules call by its name; else what the caller has.
        $command = $MyInvocation.MyCommand.Module.ExportedFunctions[$Function] ?? (Get-V2024CallerCommand -Cmdlet $PSCmdlet -Name $Function)
        $items = [Collections.Generic.List[object]]::new()
        $page = $null
        # One more than asked for is looked for, to tell whether the limit cut anything off.
        [long] $left = $Limit + 1L
        [long] $offset = $InitialOffset
        do {
            $size = [int] [Math]::Min($Increment, $left)
            # Only the page's call: what fails further down the pipeline is not this cmdlet's error.
            try {
                if (-not $command) { throw [Management.Automation.CommandNotFoundException]::new("there is no command '$Function' to page with") }
                $page = & $command @Parameters -Limit $size -Offset $offset -WithHttpInfo -ErrorAction Stop
                $found = [object[]] ($page.Response ?? @())
            }
            catch {
                Write-V2024Failure -Cmdlet $PSCmdlet -Record $_
                return
            }
            $left -= $found.Count
            $offset += $found.Count
            $wanted = [ArraySegment[object]]::new($found, 0, $left -gt 0 ? $found.Count : $found.Count - 1)
            if ($WithHttpInfo) { $items.AddRange($wanted) } else { $wanted }
        } while ($left -gt 0 -and $found.Count -ge $size)
        if ($left -le 0) { Write-V2024Warning -Cmdlet $PSCmdlet -Message "There is more than the $Limit that were asked for: raise -Limit to get it." }
        if ($WithHttpInfo) { return [pscustomobject]@{ Response = $items.ToArray(); StatusCode = $page.StatusCode; Headers = $page.Headers } }
    }
}
