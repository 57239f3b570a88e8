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
    process {
        # This module's own cmdlet, whatever the caller's aliases and other modules call by its name; else what the caller has.
        $command = $MyInvocation.MyCommand.Module.ExportedFunctions[$Function] ??
            $PSCmdlet.InvokeCommand.InvokeScript($PSCmdlet.SessionState, [scriptblock]::Create('$ExecutionContext.InvokeCommand.GetCommand($args[0], "All")'), $Function)
        $items = [Collections.Generic.List[object]]::new()
        $page = $null
        # One more than asked for is looked for, to tell whether the limit cut anything off.
        [long] $left = $Limit + 1L
        [long] $offset = $InitialOffset
        try {
            if (-not $command) { throw [Management.Automation.CommandNotFoundException]::new("there is no command '$Function' to page with") }
            do {
                $size = [int] [Math]::Min($Increment, $left)
                $page = & $command @Parameters -Limit $size -Offset $offset -WithHttpInfo -ErrorAction Stop
                $found = [object[]] ($page.Response ?? @())
                $left -= $found.Count
                $offset += $found.Count
                $wanted = [ArraySegment[object]]::new($found, 0, $left -gt 0 ? $found.Count : $found.Count - 1)
                if ($WithHttpInfo) { $items.AddRange($wanted) } else { $PSCmdlet.WriteObject($wanted, $true) }
            } while ($left -gt 0 -and $found.Count -ge $size)
        }
        catch {
            Write-V2024Failure -Cmdlet $PSCmdlet -Record $_
            return
        }
        if ($left -le 0) { $PSCmdlet.WriteWarning("There is more than the $Limit that were asked for: raise -Limit to get it.") }
        if ($WithHttpInfo) { return [pscustomobject]@{ Response = $items.ToArray(); StatusCode = $page.StatusCode; Headers = $page.Headers } }
    }
}
