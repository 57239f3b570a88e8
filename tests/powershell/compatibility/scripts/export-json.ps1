# A copy of every task as JSON, and back.
$Path = Join-Path ([IO.Path]::GetTempPath()) "tasks-$PID.json"
Get-V2024TaskStatusList | ConvertTo-Json -Depth 10 | Out-File $Path
$Read = Get-Content $Path -Raw | ConvertFrom-Json
$Failed = $Read | Where-Object completionStatus -eq 'ERROR'
$First = $Read[-1].created.ToUniversalTime().ToString('o')
"$($Read.Count) tasks, $($Failed.Count) failed, the first created $First"
Remove-Item $Path
