# Waiting for tasks. The library polls; this file returns the tasks and writes errors and progress.

$script:GoodStatuses = 'SUCCESS', 'WARNING'

function script:Wait-V2024Task {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string[]] $Id, [Collections.IDictionary] $Bound)
    $request = @{
        Ids = $Id
        TimeoutSeconds = $Bound['TimeoutSeconds']
        PollingIntervalSeconds = $Bound['PollingIntervalSeconds']
    }
    $ProgressPreference = $Cmdlet.SessionState.PSVariable.GetValue('ProgressPreference', 'Continue')
    $bars = @{}
    $call = $script:Session.Start($Cmdlet, 'wait_task_status', $request)
    try {
        while ($response = Receive-V2024Response -Call $call -Cmdlet $Cmdlet) {
            $members = $response.Members
            $taskId, $name, $percent = $members['id'], $members['uniqueName'], $members['percentComplete']
            if ($response.Kind -eq 'progress') {
                $activity = $name ? $name : $taskId
                $bars[$taskId] ??= [Management.Automation.ProgressRecord]::new($bars.Count, $activity, 'Waiting')
                $bar = $bars[$taskId]
                if ($null -ne $percent) {
                    $bar.PercentComplete = [Math]::Clamp([int] $percent, 0, 100)
                    $bar.StatusDescription = "$percent %"
                }
                $Cmdlet.WriteProgress($bar)
                continue
            }
            if ($taskId -and $bars.ContainsKey($taskId)) {
                $bars[$taskId].RecordType = 'Completed'
                $Cmdlet.WriteProgress($bars[$taskId])
            }
            if ($response.Error) {
                $record = $response.ErrorRecord($taskId ?? $call.Target)
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
    $exception = [InvalidOperationException]::new($text)
    return [Management.Automation.ErrorRecord]::new($exception, 'TaskFailed', 'InvalidResult', $Task)
}

# The name of a task in messages: task 'Cloud Account Aggregation - HR' (00ee…).
function script:Format-V2024Task {
    param($Task)
    $name = $Task.psobject.Properties['uniqueName']?.Value
    return $name ? "task '$name' ($($Task.id))" : "task $($Task.id)"
}
