# The filter that comfort parameters stand for.

$script:Filtered = [ordered]@{ CompletionStatus = 'completionStatus'; SourceId = 'sourceId'; Type = 'type' }

# The given filter, untouched, and the comfort parameters, joined by and; $null without any.
function script:Join-V2024Filter {
    param([Collections.IDictionary] $Bound)
    $conditions = @(
        if ($Bound['Filters']) { $Bound['Filters'] }
        foreach ($name in $script:Filtered.Keys) {
            if (-not $Bound[$name]) { continue }
            # Of an object, such as a task's target, the id.
            $given = foreach ($value in $Bound[$name]) { "$($value.psobject.Properties['id'] ? $value.id : $value)" }
            $values = foreach ($value in $given) { '"' + $value.Replace('\', '\\').Replace('"', '\"') + '"' }
            $values -is [string] ? "$($script:Filtered[$name]) eq $values" : "$($script:Filtered[$name]) in ($($values -join ','))"
        }
    )
    return $conditions ? ($conditions -join ' and ') : $Bound['Filters']
}
