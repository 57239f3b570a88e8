# What people write by hand: Invoke-RestMethod with a session and a token that is fetched once. Usage: by-hand.ps1 JOB
# COUNT, with the variables and jobs of module.ps1.
param([string] $Job, [int] $Count)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/report.ps1"

$clock = [Diagnostics.Stopwatch]::StartNew()
$grant = @{
    grant_type = 'client_credentials'
    client_id = $env:SAIL_CLIENT_ID
    client_secret = $env:SAIL_CLIENT_SECRET
}
$token = Invoke-RestMethod "$env:SAIL_BASE_URL/oauth/token" -Method Post -Body $grant -SessionVariable session
$session.Headers['Authorization'] = "Bearer $($token.access_token)"
$tasks = "$env:SAIL_BASE_URL/v2024/task-status"
$task = "$tasks/$env:V2024_BENCH_ID"
if ($Job -eq 'start') { $null = Invoke-RestMethod $task -WebSession $session }
$start = $clock.Elapsed.TotalSeconds

$patch = '[{"op":"replace","path":"/completionStatus","value":"Warning"}]'
$patchType = 'application/json-patch+json'
# Each script block contains the loop, because calling a script block takes a tenth of a millisecond.
$work = switch ($Job) {
    get {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                $null = Invoke-RestMethod $task -WebSession $session
            }
        }
    }
    page {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                $page = Invoke-RestMethod "${tasks}?limit=250" -WebSession $session
                if ($page.Count -ne 250) { throw 'not a whole page' }
            }
        }
    }
    look {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                foreach ($item in (Invoke-RestMethod "${tasks}?limit=250" -WebSession $session)) {
                    foreach ($member in $item.psobject.Properties) { $null = $member.Value }
                }
            }
        }
    }
    patch {
        {
            param($count)
            for ($turn = 0; $turn -lt $count; $turn++) {
                $null = Invoke-RestMethod $task -Method Patch -ContentType $patchType -Body $patch -WebSession $session
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
    $listed = (& {
            for ($offset = 0; $offset -lt $Count; $offset += 250) {
                foreach ($item in Invoke-RestMethod "${tasks}?limit=250&offset=$offset" -WebSession $session) { $item }
            }
        } | Measure-Object).Count
    if ($listed -ne $Count) { throw "listed $listed tasks" }
}
Write-Report -Seconds ($Job -eq 'start' ? $start : $clock.Elapsed.TotalSeconds)
