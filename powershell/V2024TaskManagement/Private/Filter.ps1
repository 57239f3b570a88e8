# Builds a filter from -Filters and the parameters -CompletionStatus, -SourceId and -Type.

$script:Filtered = [ordered]@{ CompletionStatus = 'completionStatus'; SourceId = 'sourceId'; Type = 'type' }

# The unchanged -Filters and a condition per parameter, joined with and; $null if none was given.
function script:Join-V2024Filter {
    param([Collections.IDictionary] $Bound)
    $conditions = @(
        if ($Bound['Filters']) { $Bound['Filters'] }
        foreach ($name in $script:Filtered.Keys) {
            if (-not $Bound[$name]) { continue }
            # An object, such as a task's target, stands for its id.
            $given = foreach ($value in $Bound[$name]) { "$($value.psobject.Properties['id'] ? $value.id : $value)" }
            $values = foreach ($value in $given) { '"' + $value.Replace('\', '\\').Replace('"', '\"') + '"' }
            $member = $script:Filtered[$name]
            $values -is [string] ? "$member eq $values" : "$member in ($($values -join ','))"
        }
    )
    return $conditions ? ($conditions -join ' and ') : $Bound['Filters']
}
