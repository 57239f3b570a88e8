# Calls a command for page after page, as the documented SDK does.

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
    # For a name of this module, always its own cmdlet, even if the caller has an alias or another command of this name.
    # Looked up in the module, where its cmdlets have the same names when the caller imports them with a prefix.
    $command = $ExecutionContext.InvokeCommand.GetCommand($Function, 'Function')
    if ($command -and $command.ScriptBlock.Module -ne $ExecutionContext.SessionState.Module) { $command = $null }
    $command ??= Get-V2024CallerCommand -Cmdlet $Cmdlet -Name $Function
    $items = [Collections.Generic.List[object]]::new()
    $page = $null
    # One more item than -Limit is requested, to find out whether the limit cuts anything off.
    [long] $left = $Limit + 1L
    [long] $offset = $InitialOffset
    do {
        $size = [int] [Math]::Min($Increment, $left)
        # The try covers only the call: an error further down the pipeline is not this cmdlet's error.
        try {
            if (-not $command) {
                throw [Management.Automation.CommandNotFoundException]::new("the command '$Function' was not found")
            }
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
    if ($left -le 0) {
        $message = "There are more items than -Limit $Limit allows. Raise -Limit to get them."
        Write-V2024Warning -Cmdlet $Cmdlet -Message $message
    }
    if ($WithHttpInfo) {
        return [pscustomobject]@{ Response = $items.ToArray(); StatusCode = $page.StatusCode; Headers = $page.Headers }
    }
}
