# Page after page of a command that is called by its name, as the documented SDK does it.

function script:Invoke-V2024Paging {
    param(
        [Management.Automation.PSCmdlet] $Cmdlet,
        [string] $Function,
        [int] $InitialOffset,
        [int] $Increment,
        [int] $Limit,
        [hashtable] $Parameters,
        [bool] $WithHttpInfo
    )
    # This module's own cmdlet, whatever the caller's aliases and other modules call by its name; else what the caller has.
    $command = $Cmdlet.MyInvocation.MyCommand.Module.ExportedFunctions[$Function] ?? (Get-V2024CallerCommand -Cmdlet $Cmdlet -Name $Function)
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
            Write-V2024Failure -Cmdlet $Cmdlet -Record $_
            return
        }
        $left -= $found.Count
        $offset += $found.Count
        $wanted = [ArraySegment[object]]::new($found, 0, $left -gt 0 ? $found.Count : $found.Count - 1)
        if ($WithHttpInfo) { $items.AddRange($wanted) } else { $wanted }
    } while ($left -gt 0 -and $found.Count -ge $size)
    if ($left -le 0) { Write-V2024Warning -Cmdlet $Cmdlet -Message "There is more than the $Limit that were asked for: raise -Limit to get it." }
    if ($WithHttpInfo) { return [pscustomobject]@{ Response = $items.ToArray(); StatusCode = $page.StatusCode; Headers = $page.Headers } }
}
