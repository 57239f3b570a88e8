# Every task, page by page, until a short one.
$Limit = 2
$Offset = 0
$All = @()
do {
    $Page = @(Get-V2024TaskStatusList -Limit $Limit -Offset $Offset -Sorters 'created')
    $All += $Page
    $Offset += $Limit
} while ($Page.Count -eq $Limit)
"$($All.Count) tasks: $($All.id -join ',')"
