# -After and -Before. The API cannot filter by date, so the tasks are selected here by their created.

# Returns nothing without dates. Sets Sorters if it is missing, so that the listing can stop where the range ends.
function script:New-V2024Range {
    param([Collections.IDictionary] $Bound)
    $after, $before = $Bound['After'], $Bound['Before']
    if ($null -eq $after -and $null -eq $before) { return }
    if (-not $Bound['Sorters']) { $Bound['Sorters'] = '-created' }
    return @{
        After  = $null -eq $after ? [datetime]::MinValue : $after.ToUniversalTime()
        Before = $null -eq $before ? [datetime]::MaxValue : $before.ToUniversalTime()
        Order  = $Bound['Sorters']
        Page   = $Bound['All'] ? $null : ($Bound['Limit'] ?? 250)
        Over   = $false
    }
}

# Removes the tasks outside of the range from a page, and marks the range as over when no later page can have any.
function script:Limit-V2024Range {
    param([Management.Automation.PSCmdlet] $Cmdlet, [hashtable] $Range, $Response)
    if ($null -eq $Response.Body) { return }
    $tasks = [object[]] $Response.Body
    $chosen = foreach ($task in $tasks) {
        $created = $task.psobject.Properties['created']?.Value
        if ($created -isnot [datetime]) { continue }
        $early, $late = ($created -lt $Range.After), ($created -ge $Range.Before)
        if (($early -and $Range.Order -eq '-created') -or ($late -and $Range.Order -eq 'created')) {
            $Range.Over = $true
            break
        }
        if (-not $early -and -not $late) { $task }
    }
    $Response.Body = [object[]] @($chosen)
    if ($Range.Page -and $tasks.Count -ge $Range.Page -and -not $Range.Over) {
        Write-V2024Warning -Cmdlet $Cmdlet -Message (
            "Only one page of $($tasks.Count) tasks was read; the range may contain more. Use -All to read every page.")
    }
}
