# A table, as people look at it.
Get-V2024TaskStatusList -Sorters 'created' |
    Format-Table id, completionStatus, @{ n = 'Source'; e = { $_.target.name } } |
    Out-String -Width 80 | ForEach-Object { $_.Trim() -replace ' +\n', "`n" }
