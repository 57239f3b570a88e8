# What Tab offers for -SourceId.

# Never fails: whoever presses Tab gets nothing then.
function script:Complete-V2024Source {
    param([string] $Word)
    $typed = $Word.Trim("'", '"')
    try {
        foreach ($source in Get-V2024RecentSource) {
            if (-not ($source.Value, $source.Text).Where{ $_.StartsWith($typed, 'OrdinalIgnoreCase') }) { continue }
            $quoted = $source.Value -match '^\w+$' ? $source.Value : "'$([Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($source.Value))'"
            [Management.Automation.CompletionResult]::new($quoted, $source.Text, 'ParameterValue', $source.Value)
        }
    }
    catch { $null = $_ }
}

# The sources of the latest tasks, by name; what came within two seconds.
function script:Get-V2024RecentSource {
    [CmdletBinding()]
    param()
    $call = $null
    try {
        $request = New-V2024Request -Cmdlet $PSCmdlet -Operation 'get_task_status_list' -Bound @{ Sorters = '-created' }
        $call = Start-V2024Call -Cmdlet $PSCmdlet -Request $request
        $reply = Receive-V2024Message -Call $call -Deadline ([datetime]::UtcNow.AddSeconds(2))
    }
    finally { Stop-V2024Call -Call $call }
    if (-not $reply -or $reply.Failure) { return }
    $sources = [Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($task in $reply.Message.body) {
        $target = $task.psobject.Properties['target']?.Value
        if ($null -ne $target -and $target.type -eq 'APPLICATION') { $sources["$target`n$($target.id)"] = @{ Value = $target.id; Text = "$target" } }
    }
    return $sources.Values
}
