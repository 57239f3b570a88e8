# A copy of every task as JSON, and back.
$Path = Join-Path ([IO.Path]::GetTempPath()) "tasks-$PID.json"
Get-V2024TaskStatusList | ConvertTo-Json -Depth 10 | Out-File $Path
$Read = Get-Content $Path -Raw | ConvertFrom-Json
"$($Read.Count) tasks, $(($Read | Where-Object completionStatus -eq 'ERROR').Count) failed, the first created $($Read[-1].created.ToUniversalTime().ToString('o'))"
Remove-Item $Path
