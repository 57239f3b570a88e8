# What Tab offers for the ids of tasks and of sources.

# Never fails: whoever presses Tab gets nothing then.
function script:Complete-V2024Id {
    param([ValidateSet('Task', 'Source')] [string] $Of, [string] $Word)
    $typed = $Word.Trim("'", '"')
    try {
        foreach ($offer in ($Of -eq 'Task' ? (Get-V2024PendingOffer) : (Get-V2024SourceOffer))) {
            if (-not ($offer.Id, $offer.Name).Where{ $_.StartsWith($typed, 'OrdinalIgnoreCase') }) { continue }
            $quoted = $offer.Id -match '^\w+$' ? $offer.Id : "'$([Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($offer.Id))'"
            [Management.Automation.CompletionResult]::new($quoted, $offer.Name, 'ParameterValue', $offer.Id)
        }
    }
    catch { $null = $_ }
}

# The pending tasks, by name, the oldest last.
function script:Get-V2024PendingOffer {
    foreach ($task in Read-V2024Page -Operation 'get_pending_tasks') {
        $name = $task.psobject.Properties['uniqueName']?.Value
        @{ Id = $task.id; Name = $name ? $name : $task.id }
    }
}

# The sources of the latest tasks, by name.
function script:Get-V2024SourceOffer {
    $sources = [Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($task in Read-V2024Page -Operation 'get_task_status_list' -Bound @{ Sorters = '-created' }) {
        $target = $task.psobject.Properties['target']?.Value
        if ($null -ne $target -and $target.psobject.Properties['type']?.Value -eq 'APPLICATION') { $sources["$target`n$($target.id)"] = @{ Id = $target.id; Name = "$target" } }
    }
    return $sources.Values
}

# One page, or what came of it within two seconds: nothing.
function script:Read-V2024Page {
    [CmdletBinding()]
    param([string] $Operation, [hashtable] $Bound = @{})
    $call = $script:Session.Start($PSCmdlet, $Operation, $Bound)
    try { $response = Receive-V2024Response -Call $call -Cmdlet $PSCmdlet -Deadline ([datetime]::UtcNow.AddSeconds(2)) }
    finally { $call.Dispose() }
    if ($response -and -not $response.Error) { $response.Body }
}
