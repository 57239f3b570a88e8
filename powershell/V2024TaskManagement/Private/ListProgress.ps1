# How far a listing has come: a bar once it takes longer than a second and somebody can see it.

# Nothing when the caller shows no progress.
function script:New-V2024ListProgress {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $preference = $null
    if (-not $Cmdlet.MyInvocation.BoundParameters.TryGetValue('ProgressAction', [ref] $preference)) {
        $preference = $Cmdlet.SessionState.PSVariable.GetValue('ProgressPreference', 'Continue')
    }
    if ("$preference" -in 'SilentlyContinue', 'Ignore') { return }
    $record = [Management.Automation.ProgressRecord]::new(0, ($Operation -eq 'get_pending_tasks' ? 'Listing pending tasks' : 'Listing task statuses'), 'Starting')
    return @{ Cmdlet = $Cmdlet; Operation = $Operation; Bound = $Bound; Record = $record; Clock = [Diagnostics.Stopwatch]::StartNew(); Read = 0; Total = $null; Count = $null; Shown = $false }
}

function script:Update-V2024ListProgress {
    param([hashtable] $Progress, [AllowNull()] $Body)
    if ($null -ne $Body) { $Progress.Read += @($Body).Count }
    if ($Progress.Clock.ElapsedMilliseconds -lt 1000) { return }
    # Counting costs the tenant time, so the total is asked for only now, and beside the listing.
    if (-not $Progress.Shown) {
        $bound = @{ Limit = 0; Count = $true; Filters = $Progress.Bound['Filters'] }
        if ($Progress.Operation -eq 'get_pending_tasks') { $bound.Remove('Filters') }
        $Progress.Count = $script:Session.Start($Progress.Cmdlet, $Progress.Operation, $bound)
        $Progress.Shown = $true
    }
    if ($Progress.Count) {
        $response = Receive-V2024Response -Call $Progress.Count -Cmdlet $Progress.Cmdlet -Deadline ([datetime]::UtcNow.AddMilliseconds(1))
        if ($response) {
            # A tenant that does not tell the total is no reason to fail: the bar goes without.
            if ($response.Headers.ContainsKey('X-Total-Count')) { $Progress.Total = [int] $response.Headers['X-Total-Count'][0] - [int] $Progress.Bound['Offset'] }
            $Progress.Count.Dispose()
            $Progress.Count = $null
        }
    }
    $record = $Progress.Record
    $record.StatusDescription = $Progress.Total ? "$($Progress.Read) of $($Progress.Total) tasks" : "$($Progress.Read) tasks"
    $record.PercentComplete = $Progress.Total ? [Math]::Min(100, [Math]::Floor(100 * $Progress.Read / $Progress.Total)) : -1
    $Progress.Cmdlet.WriteProgress($record)
}

function script:Stop-V2024ListProgress {
    param([hashtable] $Progress)
    if ($Progress.Count) { $Progress.Count.Dispose() }
    if (-not $Progress.Shown) { return }
    $Progress.Record.RecordType = 'Completed'
    # The pipeline may be stopping: then the host takes the bar away by itself.
    try { $Progress.Cmdlet.WriteProgress($Progress.Record) } catch [Management.Automation.PipelineStoppedException] { $null = $_ }
}
