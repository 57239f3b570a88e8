# What Tab offers for a parameter's value. The completers call this by name, since a script block in an attribute is not
# the module's own.

$script:Completions = @{
    CompletionStatus = 'ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING'
    Sorters          = '-created', 'created'
    # As the vendor documents the filter.
    Type             = @(
        'CLOUD_ACCOUNT_AGGREGATION', 'CLOUD_GROUP_AGGREGATION', 'CLOUD_PROCESS_UNCORRELATED_ACCOUNTS', 'CLOUD_REFRESH_ROLE'
        'SOURCE_APPLICATION_DISCOVERY', 'AI_AGENT_AGGREGATION', 'CLOUD_ENTITLEMENT_IMPORT', 'CLOUD_UNCORRELATED_REFRESH'
        'CLOUD_IDENTITY_AGGREGATION', 'CLOUD_ATTRIBUTE_SYNCHRONIZATION', 'IDENTITY_REFRESH', 'APPLICATION_DISCOVERY'
        'MACHINE_IDENTITY_AGGREGATION', 'MACHINE_IDENTITY_DELETION', 'ACCOUNT_DELETION'
    )
}

# Never fails: whoever presses Tab gets nothing then.
function Complete-V2024Value {
    param([string] $Parameter, [string] $Word)
    $typed = $Word.Trim("'", '"')
    try {
        $offers = if ($Parameter -eq 'SourceId') { Get-V2024RecentSource } else { foreach ($value in $script:Completions[$Parameter]) { @{ Value = $value; Text = $value } } }
        foreach ($offer in $offers) {
            if (-not ($offer.Value, $offer.Text).Where{ $_.StartsWith($typed, 'OrdinalIgnoreCase') }) { continue }
            $quoted = $offer.Value -match '^\w+$' ? $offer.Value : "'$([Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($offer.Value))'"
            [Management.Automation.CompletionResult]::new($quoted, $offer.Text, 'ParameterValue', $offer.Value)
        }
    }
    catch { $null = $_ }
}

# The sources of the latest tasks, by name; what came within two seconds.
function Get-V2024RecentSource {
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
