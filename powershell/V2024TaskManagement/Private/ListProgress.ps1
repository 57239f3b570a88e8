# The progress bar of a listing. It appears if the listing takes longer than a second.

# Returns nothing if the caller's preference hides progress.
function script:New-V2024ListProgress {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $preference = $null
    if (-not $Cmdlet.MyInvocation.BoundParameters.TryGetValue('ProgressAction', [ref] $preference)) {
        $preference = $Cmdlet.SessionState.PSVariable.GetValue('ProgressPreference', 'Continue')
    }
    if ("$preference" -in 'SilentlyContinue', 'Ignore') { return }
    $activity = $Operation -eq 'get_pending_tasks' ? 'Listing pending tasks' : 'Listing task statuses'
    return @{
        Cmdlet = $Cmdlet; Operation = $Operation; Bound = $Bound
        Record = [Management.Automation.ProgressRecord]::new(0, $activity, 'Starting')
        Clock = [Diagnostics.Stopwatch]::StartNew()
        Read = 0; Total = $null; Count = $null; Shown = $false
    }
}

function script:Update-V2024ListProgress {
    param([hashtable] $Progress, [AllowNull()] $Body)
    if ($null -ne $Body) { $Progress.Read += @($Body).Count }
    if ($Progress.Clock.ElapsedMilliseconds -lt 1000) { return }
    # Counting costs the tenant time, so the total is requested only now, and in parallel with the listing.
    if (-not $Progress.Shown) {
        $bound = @{ Limit = 0; Count = $true; Filters = $Progress.Bound['Filters'] }
        if ($Progress.Operation -eq 'get_pending_tasks') { $bound.Remove('Filters') }
        $Progress.Count = $script:Session.Start($Progress.Cmdlet, $Progress.Operation, $bound)
        $Progress.Shown = $true
    }
    if ($Progress.Count) {
        $deadline = [datetime]::UtcNow.AddMilliseconds(1)
        $response = Receive-V2024Response -Call $Progress.Count -Cmdlet $Progress.Cmdlet -Deadline $deadline
        if ($response) {
            # If the total cannot be had, the bar shows only the number of tasks read.
            if ($response.Headers.ContainsKey('X-Total-Count')) {
                $Progress.Total = [int] $response.Headers['X-Total-Count'][0] - [int] $Progress.Bound['Offset']
            }
            $Progress.Count.Dispose()
            $Progress.Count = $null
        }
    }
    $record = $Progress.Record
    $read, $total = $Progress.Read, $Progress.Total
    $record.StatusDescription = $total ? "$read of $total tasks" : "$read tasks"
    $record.PercentComplete = $total ? [Math]::Min(100, [Math]::Floor(100 * $read / $total)) : -1
    $Progress.Cmdlet.WriteProgress($record)
}

function script:Stop-V2024ListProgress {
    param([hashtable] $Progress)
    if ($Progress.Count) { $Progress.Count.Dispose() }
    if (-not $Progress.Shown) { return }
    $Progress.Record.RecordType = 'Completed'
    # WriteProgress throws while the pipeline is stopping; the host removes the bar then.
    try { $Progress.Cmdlet.WriteProgress($Progress.Record) }
    catch [Management.Automation.PipelineStoppedException] { $null = $_ }
}
