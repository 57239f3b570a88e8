# Waiting for tasks: the library looks, this tells.

$script:GoodStatuses = 'SUCCESS', 'WARNING'

function script:Wait-V2024Task {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string[]] $Id, [Collections.IDictionary] $Bound)
    $request = @{ Ids = $Id; TimeoutSeconds = $Bound['TimeoutSeconds']; PollingIntervalSeconds = $Bound['PollingIntervalSeconds'] }
    $ProgressPreference = $Cmdlet.SessionState.PSVariable.GetValue('ProgressPreference', 'Continue')
    $bars = @{}
    $call = $script:Session.Start($Cmdlet, 'wait_task_status', $request)
    try {
        while ($response = Receive-V2024Response -Call $call -Cmdlet $Cmdlet) {
            $ended, $name, $percent = $response.Members['id'], $response.Members['uniqueName'], $response.Members['percentComplete']
            if ($response.Kind -eq 'progress') {
                $bars[$ended] ??= [Management.Automation.ProgressRecord]::new($bars.Count, $name ? $name : $ended, 'Waiting')
                $bar = $bars[$ended]
                if ($null -ne $percent) {
                    $bar.PercentComplete = [Math]::Clamp([int] $percent, 0, 100)
                    $bar.StatusDescription = "$percent %"
                }
                $Cmdlet.WriteProgress($bar)
                continue
            }
            if ($ended -and $bars.ContainsKey($ended)) {
                $bars[$ended].RecordType = 'Completed'
                $Cmdlet.WriteProgress($bars[$ended])
            }
            if ($response.Error) {
                $record = New-V2024ErrorRecord -Response $response -TargetObject ($ended ?? $call.Target)
                $ofItem = $record.FullyQualifiedErrorId -in 'NotFound', 'TaskGone', 'Timeout'
                Write-V2024Failure -Cmdlet $Cmdlet -Record $record -OfItem:$ofItem
                continue
            }
            $response.Body
            if ($response.Body.completionStatus -notin $script:GoodStatuses) {
                Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024TaskFailure -Task $response.Body) -OfItem
            }
        }
    }
    finally { $call.Dispose() }
}

function script:New-V2024TaskFailure {
    param($Task)
    $text = "$(Format-V2024Task -Task $Task) ended with $($Task.completionStatus)"
    $words = foreach ($message in $Task.psobject.Properties['messages']?.Value) { "$message" }
    if ($words) { $text += ": $($words -join '; ')" }
    return [Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($text), 'TaskFailed', 'InvalidResult', $Task)
}

# A task as people know it: task 'Cloud Account Aggregation - HR' (00ee…).
function script:Format-V2024Task {
    param($Task)
    $name = $Task.psobject.Properties['uniqueName']?.Value
    return $name ? "task '$name' ($($Task.id))" : "task $($Task.id)"
}
