# A PowerShell that does nothing: what the others' start and memory are measured above.
param([string] $Job, [int] $Count)
. "$PSScriptRoot/report.ps1"
Write-Report -Seconds 0
