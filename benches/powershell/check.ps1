# Checks that a contender lost nothing: as many tasks as wanted, all different.
function Assert-AllThere {
    param([object[]] $Tasks, [int] $Count)
    $different = [Collections.Generic.HashSet[string]]::new()
    foreach ($task in $Tasks) { $null = $different.Add($task.id) }
    if ($Tasks.Count -ne $Count -or $different.Count -ne $Count) {
        throw "$($Tasks.Count) tasks, $($different.Count) different ones, instead of $Count"
    }
}
