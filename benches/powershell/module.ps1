# This project's module. Usage: module.ps1 JOB COUNT, with settings from SAIL_*, the task's id from V2024_BENCH_ID and
# the module's folder from V2024_BENCH_MODULE. Jobs: start, get, page, look, patch, all.
param([string] $Job, [int] $Count)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/report.ps1"

$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $env:V2024_BENCH_MODULE
$id = $env:V2024_BENCH_ID
if ($Job -eq 'start') { $null = Get-V2024TaskStatus -Id $id }
$start = $clock.Elapsed.TotalSeconds

if ($Job -eq 'patch') {
    $patch = Initialize-V2024JsonPatchOperation -Op replace -Path /completionStatus -Value Warning
}
# Each script block contains the loop, because calling a script block takes a tenth of a millisecond.
$work = switch ($Job) {
    get {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                $null = Get-V2024TaskStatus -Id $id
            }
        }
    }
    page {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                if (@(Get-V2024TaskStatusList -Limit 250).Count -ne 250) { throw 'not a whole page' }
            }
        }
    }
    look {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                foreach ($item in Get-V2024TaskStatusList -Limit 250) {
                    foreach ($member in $item.psobject.Properties) { $null = $member.Value }
                }
            }
        }
    }
    patch {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                $null = Update-V2024TaskStatus -Id $id -JsonPatchOperation $patch
            }
        }
    }
}
if ($work) {
    & $work ([int] ($Count / 10) + 1)
    $clock.Restart()
    & $work $Count
}
if ($Job -eq 'all') {
    $clock.Restart()
    $listed = (Get-V2024TaskStatusList -All | Measure-Object).Count
    if ($listed -ne $Count) { throw "listed $listed tasks" }
}
Write-Report -Seconds ($Job -eq 'start' ? $start : $clock.Elapsed.TotalSeconds)
