# The example scripts, each run in its own PowerShell process.
Describe 'Examples' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        $examples = (Resolve-Path "$PSScriptRoot/../../examples/powershell").ProviderPath
        $now = [datetime]::UtcNow
        # A task that was created some hours ago and took some minutes. Without a status it is pending.
        function New-Task {
            param(
                [string] $Id, [double] $Hours, [string] $Status, [double] $Minutes,
                [string] $Source = 'HR', [string] $Message
            )
            $target = if ($Source) { [ordered]@{ id = "id-$Source"; type = 'APPLICATION'; name = "$Source [source]" } }
            $text = @{ locale = 'en'; message = $Message }
            $created = $now.AddHours(-$Hours)
            $task = [ordered]@{
                id = $Id; uniqueName = "Cloud Account Aggregation - $Source [$Id]"; type = 'QUARTZ'; launcher = 'System'
                target = $target
                created = $created.ToString('o')
                launched = $created.ToString('o')
                completed = $Status ? $created.AddMinutes($Minutes).ToString('o') : $null
                completionStatus = $Status ? $Status : $null
                messages = @(if ($Message) { @{ type = 'ERROR'; key = 'k'; localizedText = $text } })
                percentComplete = 40
                taskDefinitionSummary = @{ id = 'd'; uniqueName = 'Cloud Account Aggregation' }
            }
            if (-not $Source) { $task.Remove('target') }
            ConvertTo-Json $task -Compress -Depth 5
        }
        $tasks = @(
            New-Task 'p1' 1 '' 0 'HR'
            New-Task 'f1' 2 'ERROR' 30 'HR' 'refused: <b>"LDAP" & co</b> 接続'
            New-Task 'w1' 3 'WARNING' 10 'AD'
            New-Task 'f2' 4 'TEMPERROR' 5 ''
            New-Task 's1' 5 'SUCCESS' 60 'AD'
            New-Task 'p2' 50 '' 0 'AD'
            New-Task 'f3' 60 'ERROR' 5.5 'HR'
            New-Task 'p3' 75 '' 0 'SAP'
        )
        Set-SandboxTask $sandbox $tasks
        function Invoke-Example {
            param([string] $Name, [string] $Arguments)
            Invoke-Child "& '$examples/$Name' $Arguments"
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox }

    It 'this file tests every script' {
        $calls = [regex]::Matches((Get-Content -Raw $PSCommandPath), "Invoke-Example '([\w-]+\.ps1)'")
        $tested = $calls.ForEach{ $_.Groups[1].Value } | Sort-Object -Unique
        (Get-ChildItem $examples -Filter *.ps1).Name | Sort-Object | Should -Be $tested
    }
    It 'Export-Failures.ps1 writes the failures of a day' {
        $run = Invoke-Example 'Export-Failures.ps1' "-Path '$TestDrive/failures.csv'"
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeExactly "Tasks that failed in the last 24 hours: 2, in $TestDrive/failures.csv"
        $rows = Import-Csv "$TestDrive/failures.csv"
        $rows.id | Should -Be 'f1', 'f2'
        $rows.source | Should -Be 'HR [source]', ''
        $rows.minutes | Should -Be '30', '5'
        $rows.completionStatus | Should -Be 'ERROR', 'TEMPERROR'
        $rows[0].messages | Should -BeExactly 'refused: <b>"LDAP" & co</b> 接続'
        $rows[0].launched | Should -BeExactly $now.AddHours(-2).ToString('u')
        (Get-SandboxRequest $sandbox)[0].Sent.filters |
            Should -BeExactly 'completionStatus in ("ERROR","TEMPERROR","TERMINATED")'
    }
    It 'Export-Failures.ps1 writes what failed in the night, whenever it began' {
        $night = @(
            New-Task 'ended' 5 'TERMINATED' 60
            New-Task 'begun-yesterday' 30 'ERROR' (29 * 60)
            New-Task 'failed-yesterday' 30 'ERROR' (5 * 60)
            New-Task 'begun-last-week' 160 'ERROR' (159 * 60)
        )
        Set-SandboxTask $sandbox $night
        try {
            $run = Invoke-Example 'Export-Failures.ps1' "-Path '$TestDrive/night.csv'"
            $report = Invoke-Example 'New-FailureReport.ps1' "-Path '$TestDrive/night.html'"
        }
        finally { Set-SandboxTask $sandbox $tasks }
        $run.Errors | Should -BeNullOrEmpty
        (Import-Csv "$TestDrive/night.csv").id | Should -Be 'ended', 'begun-yesterday', 'begun-last-week'
        $report.Output | Should -BeExactly "Tasks: 3, failed: 3, in $TestDrive/night.html"
    }
    It 'Export-Failures.ps1 writes numbers and dates in one culture, to a path with any characters' {
        $null = New-Item -ItemType Directory -Path "$TestDrive/nightly [1]"
        $run = Invoke-Child @"
[cultureinfo]::CurrentCulture = 'de-DE'
& '$examples/Export-Failures.ps1' -Path '$TestDrive/nightly [1]/failures.csv' -Hours 100
"@
        $run.Errors | Should -BeNullOrEmpty
        $rows = Import-Csv -LiteralPath "$TestDrive/nightly [1]/failures.csv"
        ($rows | Where-Object id -EQ f3).minutes | Should -BeExactly '5.5'
        ($rows | Where-Object id -EQ f3).launched | Should -BeExactly $now.AddHours(-60).ToString('u')
    }
    It 'begins with what it requires, and has help: <_>' -ForEach @(
        (Get-ChildItem "$PSScriptRoot/../../examples/powershell" -Filter *.ps1).Name
    ) {
        (Get-Content "$examples/$_")[0] | Should -BeExactly '#Requires -Version 7.4 -Modules V2024TaskManagement'
        (Get-Help "$examples/$_").Synopsis | Should -Match '^[A-Z].*\.$'
    }
    It 'Export-Failures.ps1 writes no cell that a spreadsheet would run' {
        $texts = "=1+1", "+1", "-1", "@SUM(1)", "`tx", "`rx", "`nx", "$([char] 0xFF1D)1", "a=1", "'=1", ' =1'
        Set-SandboxTask $sandbox @(
            $index = 0
            foreach ($text in $texts) { New-Task "=$index" ($index += 1) 'ERROR' -1 $text $text }
        )
        try { $run = Invoke-Example 'Export-Failures.ps1' "-Path '$TestDrive/formulas.csv'" }
        finally { Set-SandboxTask $sandbox $tasks }
        $run.Errors | Should -BeNullOrEmpty
        $rows = Import-Csv "$TestDrive/formulas.csv"
        $expected = "'=1+1", "'+1", "'-1", "'@SUM(1)", "'`tx", "'`rx", "'`nx", "'$([char] 0xFF1D)1", 'a=1', "'=1", ' =1'
        $rows.messages | Should -BeExactly $expected
        $rows.source | Should -BeExactly $expected.ForEach{ "$_ [source]" }
        $rows.id | Should -BeExactly (0..10).ForEach{ "'=$_" }
        # A number stays one.
        $rows[0].minutes | Should -BeExactly '-1'
    }
    It 'Export-Failures.ps1 writes no formula for a spreadsheet that takes another separator' {
        # Those that .NET has for any culture, and two of files.
        $separators = ',', ';', '؛', "`t", '|'
        $texts = foreach ($separator in $separators + "`n") {
            foreach ($start in '', ' ', '"', ' "" ') { "a$separator$start=1$separator$start+1$separator${start}b" }
        }
        Set-SandboxTask $sandbox @(
            $index = 0
            foreach ($text in $texts) { New-Task "t$index" ($index += 1) 'ERROR' -1 $text $text }
        )
        try { $run = Invoke-Example 'Export-Failures.ps1' "-Path '$TestDrive/separators.csv' -Hours 100" }
        finally { Set-SandboxTask $sandbox $tasks }
        $run.Errors | Should -BeNullOrEmpty
        $rows = @(Import-Csv "$TestDrive/separators.csv")
        $rows.messages.Replace("'", '') | Should -BeExactly $texts
        foreach ($separator in $separators) {
            # The minutes are a number.
            $text = (Get-Content -Raw "$TestDrive/separators.csv").Replace('"-1"', '')
            $cells = $text -split "[\r\n]|$([regex]::Escape($separator))"
            $cells -match '^["\s]*[=+\-@]' | Should -BeNullOrEmpty
        }
    }
    It 'Export-Failures.ps1 writes no formula of a member that is not text' {
        $created = [datetime]::UtcNow.ToString('o')
        $task = '{"id":"o","uniqueName":{"a":"x;=6+6"},"completionStatus":"ERROR","created":"' + $created + '"}'
        Set-SandboxTask $sandbox $task
        try { $run = Invoke-Example 'Export-Failures.ps1' "-Path '$TestDrive/object.csv'" }
        finally { Set-SandboxTask $sandbox $tasks }
        $run.Errors | Should -BeNullOrEmpty
        (Import-Csv "$TestDrive/object.csv").uniqueName | Should -BeExactly "'@{a=x;'=6+6}"
    }
    It 'New-FailureReport.ps1 writes a self-contained page with counts, durations and failures' {
        $run = Invoke-Example 'New-FailureReport.ps1' "-Path '$TestDrive/report.html'"
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeExactly "Tasks: 7, failed: 2, in $TestDrive/report.html"
        $page = Get-Content -Raw "$TestDrive/report.html"
        $page | Should -Not -Match '<script|<link|<img|src=|href=|url\(|https?:|@import'
        $page | Should -BeLike '*<li>refused: &lt;b&gt;&quot;LDAP&quot; &amp; co&lt;/b&gt; *</li>*'
        $page | Should -Not -BeLike '*<b>"LDAP"*'
        # Without its first line and the meta elements the page is XML, so the test can read its parts.
        $xml = [xml] ($page -replace '<!DOCTYPE html>' -replace '<meta[^>]*>')
        $rows = @($xml.html.body.table.tbody.tr)
        # The task that still runs has been running for an hour, the one that ended took half of that.
        $rows[0].td[4].InnerText, $rows[0].td[5].InnerText | Should -Be '30 min 0 s', '30 min 0 s'
        $page | Should -BeLike '*@media (max-width: 50rem) {*.plot { display: none; }*'
        # Tasks that have been pending for days are among those of the night.
        $rows.th.'#text' | Should -Be 'HR', 'no source', 'AD', 'SAP'
        $rows.ForEach{ $_.td[0].InnerText } | Should -Be '2', '1', '3', '1'
        $rows.ForEach{ $_.td[1].InnerText } | Should -Be '1', '1', '0', '0'
        $rows[2].td[4].InnerText, $rows[2].td[5].InnerText | Should -Be '35 min 0 s', '1 h 0 min'
        $bars = $rows[2].td[2].span.i.ForEach{ "$($_.class) $($_.style)" }
        $bars | Should -Be 'good width:33.33%', 'warned width:33.33%', 'pending width:33.33%'
        $xml.html.body.ul.li.ForEach{ $_.InnerText } | Should -Be '1succeeded', '1with warnings', '2failed', '3pending'
        @($xml.html.body.article).Count | Should -Be 2
        $xml.html.body.article[0].h3 | Should -BeExactly 'Cloud Account Aggregation - HR [f1]'
    }
    It 'New-FailureReport.ps1 works for a night without tasks' {
        Set-SandboxTask $sandbox @()
        try { $run = Invoke-Example 'New-FailureReport.ps1' "-Path '$TestDrive/quiet.html'" }
        finally {
            Set-SandboxTask $sandbox @(
                New-Task 'p1' 1 '' 0 'HR'
                New-Task 'f1' 2 'ERROR' 30 'HR' 'refused'
                New-Task 'w1' 3 'WARNING' 10 'AD'
                New-Task 's1' 5 'SUCCESS' 60 'AD'
                New-Task 'p2' 50 '' 0 'AD'
                New-Task 'p3' 75 '' 0 'SAP'
            )
        }
        $run.Errors | Should -BeNullOrEmpty
        Get-Content -Raw "$TestDrive/quiet.html" | Should -BeLike '*<p>None.</p>*'
    }
    It 'Get-LastRuns.ps1 returns the last run of each source' {
        $run = Invoke-Example 'Get-LastRuns.ps1' '| ConvertTo-Csv'
        $run.Errors | Should -BeNullOrEmpty
        $rows = $run.Output | ConvertFrom-Csv
        $rows.id | Should -Be 'p3', 'w1', 'p1'
        $rows.source | Should -Be 'SAP [source]', 'AD [source]', 'HR [source]'
        $rows.status | Should -Be 'pending 40 %', 'WARNING', 'pending 40 %'
        $rows.runs | Should -Be '1', '3', '2'
        $rows[1].minutes, $rows[1].hoursAgo | Should -Be '10', '3'
        (Get-SandboxRequest $sandbox)[0].Sent.filters | Should -BeExactly 'type eq "CLOUD_ACCOUNT_AGGREGATION"'
    }
    It 'Clear-StuckTasks.ps1 clears tasks older than a day, and only shows them with -WhatIf' {
        $run = Invoke-Example 'Clear-StuckTasks.ps1' '-WhatIf'
        $run.Errors | Should -BeNullOrEmpty
        $lines = $run.Output -split "`n"
        $lines.Count | Should -Be 3
        $lines[0] | Should -BeLike '*(p2)*AD*2 days ago*'
        $lines[1] | Should -BeLike '*(p3)*SAP*3 days ago*'
        $lines[2] | Should -BeExactly 'Pending tasks older than 1 d: 2, cleared: 0, failed: 0'
        (Get-SandboxRequest $sandbox).method | Should -Not -Contain 'PATCH'
        # One that cannot be cleared does not keep the others from it.
        Add-SandboxResponse $sandbox -Status 500 -Operation update
        $run = Invoke-Example 'Clear-StuckTasks.ps1' '-Confirm:$false; exit $LASTEXITCODE'
        $run.Output | Should -BeExactly 'Pending tasks older than 1 d: 2, cleared: 1, failed: 1'
        $run.Errors | Should -BeLike '*task-status/p2: 500*'
        $run.ExitCode | Should -Be 1
        (Get-V2024TaskStatus p3).completionStatus | Should -Be 'TERMINATED'
        $run = Invoke-Example 'Clear-StuckTasks.ps1' '-Confirm:$false; exit $LASTEXITCODE'
        $run.Output | Should -BeExactly 'Pending tasks older than 1 d: 1, cleared: 1, failed: 0'
        $run.ExitCode | Should -Be 0
        (Get-V2024TaskStatus p2).completionStatus | Should -Be 'TERMINATED'
        (Get-V2024TaskStatus p1).completionStatus | Should -Be $null
    }
    It 'Wait-Aggregation.ps1 waits for a task, or for the latest of a source, and sets the exit code' {
        $run = Invoke-Example 'Wait-Aggregation.ps1' '-Id w1'
        $run.Output | Should -BeExactly 'Cloud Account Aggregation - AD [w1] ended with WARNING after 00:10:00'
        $run.ExitCode | Should -Be 0
        # Its own exit code, not that of the program before it.
        $run = Invoke-Child "`$global:LASTEXITCODE = 5; & '$examples/Wait-Aggregation.ps1' -Id w1; exit `$LASTEXITCODE"
        $run.Output | Should -BeLike 'Cloud Account Aggregation - AD*'
        $run.ExitCode | Should -Be 0
        $run = Invoke-Example 'Wait-Aggregation.ps1' '-SourceId id-HR -TimeoutSeconds 0; exit $LASTEXITCODE'
        $run.Output | Should -BeExactly 'Timeout: task p1 has not finished within 0 s'
        $run.ExitCode | Should -Be 1
        $run = Invoke-Example 'Wait-Aggregation.ps1' '-Id f1; exit $LASTEXITCODE'
        $run.Output |
            Should -BeExactly "TaskFailed: task 'Cloud Account Aggregation - HR [f1]' (f1) ended with ERROR: refused"
        $run.ExitCode | Should -Be 1
        (Invoke-Example 'Wait-Aggregation.ps1' '-SourceId none').Output |
            Should -BeExactly 'source none has no account aggregation'
    }
}
