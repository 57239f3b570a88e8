# Many requests, as people write them by hand: one after the other, or several at once with ForEach-Object -Parallel.
# Usage: many-by-hand.ps1 JOB COUNT AT_ONCE, with the variables and jobs of many.ps1.
param([string] $Job, [int] $Count, [int] $AtOnce)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/report.ps1"
. "$PSScriptRoot/check.ps1"

$clock = [Diagnostics.Stopwatch]::StartNew()
$tasks = "$env:SAIL_BASE_URL/v2024/task-status"
$grant = @{
    grant_type = 'client_credentials'
    client_id = $env:SAIL_CLIENT_ID
    client_secret = $env:SAIL_CLIENT_SECRET
}
$token = Invoke-RestMethod "$env:SAIL_BASE_URL/oauth/token" -Method Post -Body $grant -SessionVariable session
$session.Headers['Authorization'] = "Bearer $($token.access_token)"

# What is done for each offset or id. $with: a session is made for one thread, so several threads share only the header.
$with = $AtOnce -eq 1 ? @{ WebSession = $session } : @{ Headers = $session.Headers }
$work = switch ($Job) {
    all { { param($offset, $tasks, $with) Invoke-RestMethod "${tasks}?limit=250&offset=$offset" @with } }
    ids { { param($id, $tasks, $with) Invoke-RestMethod "$tasks/$id" @with } }
    clear {
        {
            param($id, $tasks, $with)
            $task = Invoke-RestMethod "$tasks/$id" @with
            if ($null -ne $task.completionStatus) { throw "$id is not pending" }
            $patch = ConvertTo-Json -Compress @(
                @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
                @{ op = 'replace'; path = '/completed'; value = [datetime]::UtcNow.ToString('o') }
            )
            Invoke-RestMethod "$tasks/$id" -Method Patch -ContentType 'application/json-patch+json' -Body $patch @with
        }
    }
}
$results = @(
    if ($Job -eq 'all') {
        # The first page says how many there are.
        Invoke-RestMethod "${tasks}?limit=250&count=true" @with -ResponseHeadersVariable headers | Write-Output
        $total = [int] $headers['X-Total-Count'][0]
        $each = for ($offset = 250; $offset -lt $total; $offset += 250) { $offset }
    } else {
        $each = $env:V2024_BENCH_IDS -split ','
    }
    if ($AtOnce -eq 1) {
        foreach ($one in $each) { foreach ($task in & $work $one $tasks $with) { $task } }
    } else {
        # A script block is bound to its thread; its text is not.
        $text = "$work"
        $each | ForEach-Object -ThrottleLimit $AtOnce -Parallel {
            & ([scriptblock]::Create($using:text)) $_ $using:tasks $using:with | Write-Output
        }
    }
)
$seconds = $clock.Elapsed.TotalSeconds
Assert-AllThere -Tasks $results -Count $Count
Write-Report -Seconds $seconds
