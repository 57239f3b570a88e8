# Mean run time per source, in minutes.
$Done = Get-V2024TaskStatusList -Limit 250 | Where-Object { $_.completed -and $_.target }
$Done | Group-Object { $_.target.name } | Sort-Object Name | ForEach-Object {
    $Mean = ($_.Group | ForEach-Object { ($_.completed - $_.launched).TotalMinutes } | Measure-Object -Average).Average
    "$($_.Name): $([math]::Round($Mean, 1)) min over $($_.Count) runs"
}
