# Waiting for tasks: the library looks, this tells.

$script:GoodStatuses = 'SUCCESS', 'WARNING'

function script:Wait-V2024Task {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string[]] $Id, [Collections.IDictionary] $Bound)
    $request = New-V2024Request -Cmdlet $Cmdlet -Operation 'wait_task_status' -Bound @{
        Ids = $Id; TimeoutSeconds = $Bound['TimeoutSeconds']; PollingIntervalSeconds = $Bound['PollingIntervalSeconds']
    }
    $ProgressPreference = $Cmdlet.SessionState.PSVariable.GetValue('ProgressPreference', 'Continue')
    $bars = @{}
    $call = $null
    try {
        $call = Start-V2024Call -Cmdlet $Cmdlet -Request $request -TargetObject $Id
        while ($call -and ($reply = Receive-V2024Message -Call $call)) {
            $message = $reply.Message
            if ($message.kind -eq 'progress') {
                $bars[$message.id] ??= [Management.Automation.ProgressRecord]::new($bars.Count, $message.uniqueName ? $message.uniqueName : $message.id, 'Waiting')
                $bar = $bars[$message.id]
                if ($null -ne $message.percentComplete) {
                    $bar.PercentComplete = [Math]::Clamp([int] $message.percentComplete, 0, 100)
                    $bar.StatusDescription = "$($message.percentComplete) %"
                }
                $Cmdlet.WriteProgress($bar)
                continue
            }
            $ended = $message.psobject.Properties['id']?.Value
            if ($ended -and $bars.ContainsKey($ended)) {
                $bars[$ended].RecordType = 'Completed'
                $Cmdlet.WriteProgress($bars[$ended])
            }
            if ($reply.Failure) {
                $ofItem = $reply.Failure.FullyQualifiedErrorId -in 'NotFound', 'TaskGone', 'Timeout'
                Write-V2024Failure -Cmdlet $Cmdlet -Record $reply.Failure -OfItem:$ofItem
                continue
            }
            $message.body
            if ($message.body.completionStatus -notin $script:GoodStatuses) {
                Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024TaskFailure -Task $message.body) -OfItem
            }
        }
    }
    finally { Stop-V2024Call -Call $call }
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
