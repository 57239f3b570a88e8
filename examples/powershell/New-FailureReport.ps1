#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Writes an HTML page about the tasks of a night: counts and durations for each source, and the failures.

    .DESCRIPTION
        The page is about the tasks that were running in the last hours, whenever they began. A task failed if it ended
        with another completion status than SUCCESS and WARNING. The page is one self-contained file without scripts. It
        can be mailed, and opened without a network.

    .EXAMPLE
        ./New-FailureReport.ps1 -Path report.html

        Reports on the last 24 hours.
#>
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # How far to look back.
    [int] $Hours = 24,

    # The longest that a task may have run. The tenant finds tasks by when they were created, so one that was created
    # before that is not found.
    [int] $LongestHours = 168
)

$ErrorActionPreference = 'Stop'

$since = [datetime]::UtcNow.AddHours(-$Hours)
# Without a completion status a task is still pending.
$tasks = @(
    Get-V2024TaskStatusList -After $since.AddHours(-$LongestHours) -All |
        Where-Object { -not $_.completionStatus -or ($_.completed ?? $_.created) -ge $since }
)

function Format-Html { param($Text) [Net.WebUtility]::HtmlEncode("$Text") }

# CSS needs a decimal point in every culture.
function Format-Percent {
    param([double] $Share)
    (100 * $Share).ToString('0.##', [cultureinfo]::InvariantCulture) + '%'
}

function Format-Time {
    param([datetime] $Time)
    $Time.ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
}

function Format-Span {
    param($Span)
    if ($null -eq $Span) { return '' }
    if ($Span.TotalDays -ge 1) { return "{0} d {1} h" -f $Span.Days, $Span.Hours }
    if ($Span.TotalHours -ge 1) { return "{0} h {1} min" -f $Span.Hours, $Span.Minutes }
    if ($Span.TotalMinutes -ge 1) { return "{0} min {1} s" -f $Span.Minutes, $Span.Seconds }
    return "{0} s" -f $Span.Seconds
}

function Get-Source {
    param($Task)
    # Not every task has a source.
    $name = "$($Task.psobject.Properties['target']?.Value)" -replace ' \[source\]$'
    return $name ? $name : 'no source'
}

# The outcomes of tasks, in the order of the bars.
function Get-Kind {
    param($Task)
    switch ($Task.completionStatus) {
        'SUCCESS' { 'good' }
        'WARNING' { 'warned' }
        { -not $_ } { 'pending' }
        default { 'failed' }
    }
}
$kinds = [ordered]@{ good = 'succeeded'; warned = 'with warnings'; failed = 'failed'; pending = 'pending' }

$failures = @($tasks | Where-Object { (Get-Kind -Task $_) -eq 'failed' })

$sources = $tasks | Group-Object { Get-Source -Task $_ } | ForEach-Object {
    # The duration of a running task is not final: it would pull the mean down.
    $spans = @($_.Group | Where-Object { (Get-Kind -Task $_) -ne 'pending' } | ForEach-Object { $_.Duration() })
    $average = $spans ? ($spans | Measure-Object TotalSeconds -Average).Average : 0
    $counts = @{}
    $_.Group | Group-Object { Get-Kind -Task $_ } | ForEach-Object { $counts[$_.Name] = $_.Count }
    [pscustomobject]@{
        Name    = $_.Name
        Total   = $_.Count
        Counts  = $counts
        Failed  = [int] $counts['failed']
        Mean    = [timespan]::FromSeconds($average)
        Longest = $spans ? ($spans | Measure-Object -Maximum).Maximum : [timespan]::Zero
    }
} | Sort-Object @{ Expression = 'Failed'; Descending = $true }, Name
$most = ($sources | Measure-Object Total -Maximum).Maximum
$longest = ($sources.Longest | Measure-Object -Maximum).Maximum

$rows = foreach ($source in $sources) {
    $bars = foreach ($kind in $kinds.Keys) {
        $count = [int] $source.Counts[$kind]
        if (-not $count) { continue }
        $width = Format-Percent ($count / $most)
        "<i class=`"$kind`" style=`"width:$width`" title=`"$count $($kinds[$kind])`"></i>"
    }
    $mean, $max = foreach ($span in $source.Mean, $source.Longest) {
        Format-Percent ($longest.Ticks ? $span.Ticks / $longest.Ticks : 0)
    }
    @"
<tr>
<th scope="row">$(Format-Html $source.Name)</th>
<td class="number">$($source.Total)</td>
<td class="number$($source.Failed ? ' bad' : '')">$($source.Failed)</td>
<td class="plot"><span class="chart">$($bars -join '')</span></td>
<td class="plot"><span class="chart">
<i class="longest" style="width:$max"></i><i class="mean" style="width:$mean"></i>
</span></td>
<td class="number">$(Format-Span $source.Mean)</td>
<td class="number">$(Format-Span $source.Longest)</td>
</tr>
"@
}

$details = foreach ($task in $failures) {
    $messages = foreach ($message in $task.messages) { "<li>$(Format-Html $message)</li>" }
    $facts = @(
        "<b class=`"bad`">$(Format-Html $task.completionStatus)</b>"
        Format-Html (Get-Source -Task $task)
        "$(Format-Time $task.created) UTC"
        if ($task.Duration()) { "took $(Format-Span $task.Duration())" }
        "<code>$(Format-Html $task.id)</code>"
    )
    @"
<article>
<h3>$(Format-Html $task.uniqueName)</h3>
<p>$($facts -join ' · ')</p>
$($messages ? "<ul>$($messages -join '')</ul>" : '<p class="quiet">The tenant gives no message.</p>')
</article>
"@
}

$totals = foreach ($kind in $kinds.Keys) {
    $count = @($tasks | Where-Object { (Get-Kind -Task $_) -eq $kind }).Count
    "<li><b>$count</b><i class=`"$kind`"></i>$($kinds[$kind])</li>"
}

$page = @"
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tasks of the last $Hours hours</title>
<style>
:root {
  color-scheme: light dark; --bar: #4a7bb5; --rule: #8884;
  --good: #3a8f5c; --warned: #d9a514; --failed: #c8382e; --pending: #7f8ea3;
}
body { font: 15px/1.45 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 0; }
.quiet { opacity: .65; } .bad { color: var(--failed); }
.totals { display: flex; flex-wrap: wrap; gap: 2rem; list-style: none; padding: 0; }
.totals b { display: block; font-size: 1.8rem; line-height: 1.2; }
.totals i { display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; border-radius: 2px; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--rule); text-align: left; white-space: nowrap; }
th[scope=row] { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; }
thead th { font-weight: 600; font-size: .85rem; } tbody th { font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.chart { position: relative; display: flex; width: 11rem; height: .9rem; }
.chart i { height: 100%; }
.good { background: var(--good); } .warned { background: var(--warned); }
.failed { background: var(--failed); } .pending { background: var(--pending); }
.chart .longest, .chart .mean { position: absolute; left: 0; background: var(--bar); } .chart .longest { opacity: .35; }
article { border-left: 3px solid var(--failed); padding: .1rem 0 .1rem .8rem; margin: 1rem 0; }
/* A narrow screen shows the numbers and leaves out their bars. */
@media (max-width: 50rem) {
  .plot { display: none; } th, td { padding: .3rem; } .totals { gap: 1rem; }
  table, article { font-size: .85rem; } article { overflow-wrap: anywhere; }
}
article p, article ul { margin: .2rem 0; } code { font-size: .85em; }
</style>
</head>
<body>
<h1>Tasks of the last $Hours hours</h1>
<p class="quiet">$(Format-Time $since) to $(Format-Time ([datetime]::UtcNow)) UTC</p>
<ul class="totals">
$($totals -join "`n")
</ul>
<h2>By source</h2>
<p class="quiet">Durations are of tasks that have ended.</p>
<table>
<thead><tr>
<th>source</th><th class="number">tasks</th><th class="number">failed</th><th class="plot">how they ended</th>
<th class="plot">duration: mean, longest</th><th class="number">mean</th><th class="number">longest</th>
</tr></thead>
<tbody>
$($rows -join "`n")
</tbody>
</table>
<h2>Failures</h2>
$($details ? ($details -join "`n") : '<p>None.</p>')
</body>
</html>
"@
Set-Content -LiteralPath $Path -Value $page -Encoding utf8
"Tasks: $($tasks.Count), failed: $($failures.Count), in $Path"
