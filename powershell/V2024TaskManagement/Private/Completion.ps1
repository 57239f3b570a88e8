# Tab completion for the ids of tasks and sources.

# Never fails: after an error Tab offers nothing.
function script:Complete-V2024Id {
    param([ValidateSet('Task', 'Source')] [string] $Of, [string] $Word)
    $typed = $Word.Trim("'", '"')
    try {
        foreach ($offer in ($Of -eq 'Task' ? (Get-V2024PendingOffer) : (Get-V2024SourceOffer))) {
            if (-not ($offer.Id, $offer.Name).Where{ $_.StartsWith($typed, 'OrdinalIgnoreCase') }) { continue }
            $escaped = [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($offer.Id)
            $quoted = $offer.Id -match '^\w+$' ? $offer.Id : "'$escaped'"
            [Management.Automation.CompletionResult]::new($quoted, $offer.Name, 'ParameterValue', $offer.Id)
        }
    }
    catch { $null = $_ }
}

# The pending tasks with their names, the oldest last.
function script:Get-V2024PendingOffer {
    foreach ($task in Read-V2024Page -Operation 'get_pending_tasks') {
        $name = $task.psobject.Properties['uniqueName']?.Value
        @{ Id = $task.id; Name = $name ? $name : $task.id }
    }
}

# The sources of the latest tasks, sorted by name.
function script:Get-V2024SourceOffer {
    $sources = [Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($task in Read-V2024Page -Operation 'get_task_status_list' -Bound @{ Sorters = '-created' }) {
        $target = $task.psobject.Properties['target']?.Value
        if ($null -ne $target -and $target.psobject.Properties['type']?.Value -eq 'APPLICATION') {
            $sources["$target`n$($target.id)"] = @{ Id = $target.id; Name = "$target" }
        }
    }
    return $sources.Values
}

# One page; nothing after an error, or if no response comes within two seconds.
function script:Read-V2024Page {
    [CmdletBinding()]
    param([string] $Operation, [hashtable] $Bound = @{})
    # Tab writes nothing, so notes about the settings wait for the next call.
    $call = $script:Session.Start($PSCmdlet, $Operation, $Bound, $true)
    $deadline = [datetime]::UtcNow.AddSeconds(2)
    try { $response = Receive-V2024Response -Call $call -Cmdlet $PSCmdlet -Deadline $deadline }
    finally { $call.Dispose() }
    if ($response -and -not $response.Error) { $response.Body }
}
