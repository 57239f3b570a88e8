# Invoke-Paginate, as the SDK's readme shows it.
$Parameters = @{
    "Filters" = 'completionStatus in ("SUCCESS","ERROR")'
    "Sorters" = "created"
}
$Function = "Get-V2024TaskStatusList"
$Tasks = Invoke-Paginate -Function $Function -Increment 3 -Limit 100 -InitialOffset 0 -Parameters $Parameters
$Tasks.Count
$Tasks | ForEach-Object { $_.id }
