# The last run of each source.
Get-V2024TaskStatusList -Limit 250 -Sorters '-created' |
    Where-Object { $null -ne $_.target } |
    Group-Object -Property { $_.target.id } |
    ForEach-Object { $_.Group[0] } |
    Sort-Object { $_.target.name } |
    ForEach-Object { "$($_.target.name): $($_.id) $($_.completionStatus) $(Get-Date $_.created -Format 'yyyy-MM-dd')" }
