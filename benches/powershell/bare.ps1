# A PowerShell that does nothing: the baseline for the others' start and memory.
param([string] $Job, [int] $Count)
. "$PSScriptRoot/report.ps1"
Write-Report -Seconds 0
