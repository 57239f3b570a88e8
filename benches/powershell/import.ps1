# Only an import, by path. Jobs: import, this project's module in V2024_BENCH_MODULE; thread-job, PowerShell's own.
param([string] $Job, [int] $Count)
$module = $Job -eq 'thread-job' ? "$PSHOME/Modules/Microsoft.PowerShell.ThreadJob" : $env:V2024_BENCH_MODULE
Import-Module $module
. "$PSScriptRoot/report.ps1"
Write-Report -Seconds 0
