# Many requests with this project's module, whose folder is in V2024_BENCH_MODULE. Usage: many.ps1 JOB COUNT AT_ONCE,
# with settings from SAIL_* and COUNT ids in V2024_BENCH_IDS, separated by commas. The time includes the token. Jobs:
#
# all    every task of a tenant with COUNT tasks
# ids    the tasks with these ids
# clear  those tasks, which are pending, looked at and completed
param([string] $Job, [int] $Count, [int] $AtOnce)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/report.ps1"
. "$PSScriptRoot/check.ps1"
Import-Module $env:V2024_BENCH_MODULE

$clock = [Diagnostics.Stopwatch]::StartNew()
$ids = $env:V2024_BENCH_IDS -split ','
$results = @(
    switch ($Job) {
        all { Get-V2024TaskStatusList -All }
        ids { $ids | Get-V2024TaskStatus -ThrottleLimit $AtOnce }
        clear { $ids | Complete-V2024PendingTask -ThrottleLimit $AtOnce -CompletionStatus TERMINATED -Confirm:$false }
    }
)
$seconds = $clock.Elapsed.TotalSeconds
Assert-AllThere -Tasks $results -Count $Count
Write-Report -Seconds $seconds
