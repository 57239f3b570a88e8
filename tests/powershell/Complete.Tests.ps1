# Complete-V2024PendingTask, and confirmation of changes.
Describe 'Complete-V2024PendingTask' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        $created = [datetime]::UtcNow.AddDays(-9).AddHours(-1).ToString('o')
        $stuck = (Get-TestJson stuck-task).Replace('CREATED', $created)
        $name = "task 'Cloud Account Aggregation - HR [0a1b2c]' (s1)"
        $bare = '{"id":"s2","completed":null,"completionStatus":null}'
        $ended = '{"id":"e1","uniqueName":"Ended","completed":"2025-01-02T03:09:05Z","completionStatus":"SUCCESS"}'
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $stuck, $bare, $ended
    }

    It 'after a question, looks again, and skips a task that ended meanwhile' {
        $program = Get-Item -Path "$PSHOME/pwsh", "$PSHOME/pwsh.exe" -ErrorAction Ignore
        $program = $program ? $program[0].FullName : 'pwsh'
        $script = "Import-Module '$env:V2024_TEST_MODULE'; Complete-V2024PendingTask s1; 'end'"
        $start = [Diagnostics.ProcessStartInfo]::new($program, [string[]] @('-NoProfile', '-Command', $script))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $start.Environment['NO_COLOR'] = '1'
        $process = [Diagnostics.Process]::Start($start)
        while (-not (Get-SandboxRequest $sandbox)) { Start-Sleep -Milliseconds 50 }
        Set-SandboxTask $sandbox $stuck.Replace('"completionStatus":null', '"completionStatus":"SUCCESS"')
        $process.StandardInput.WriteLine('y')
        $output = $process.StandardOutput.ReadToEnd()
        # On Windows the question goes to the console, not to the output.
        if (-not $IsWindows) { $output | Should -BeLike '*complete with ERROR*' }
        $output | Should -BeLike '*WARNING: Skipped *: it already ended with SUCCESS.*end*'
        @(Get-SandboxRequest $sandbox).method | Should -Be 'GET', 'GET'
    }
    It 'control characters of a name reach no terminal: they are shown as pictures' {
        $odd = '{"id":"o1","uniqueName":"A\u001b[2J\r\u009b1mB\u0007","completed":null,"completionStatus":null}'
        $over = $odd.Replace('o1', 'o2').Replace('"completionStatus":null', '"completionStatus":"OK"')
        Set-SandboxTask $sandbox $odd, $over
        $shown = "task 'A`u{241b}[2J`u{240d}`u{fffd}1mB`u{2407}'"
        $run = Invoke-Child 'Complete-V2024PendingTask o1 -WhatIf'
        $run.Output | Should -BeLike "*$([WildcardPattern]::Escape($shown)) (o1)*"
        Complete-V2024PendingTask o2 -WarningVariable warned 3>$null
        $warned.Message | Should -BeExactly "Skipped $shown (o2): it already ended with OK."
        (Get-V2024TaskStatus o1).uniqueName | Should -BeExactly "A`e[2J`r`u{9b}1mB`a"
    }
    It 'takes several ids' {
        (Complete-V2024PendingTask s1, s2 -Confirm:$false).id | Should -Be 's1', 's2'
    }
    It 'gets the task, sends the two operations, and returns the changed task' {
        $before = [datetime]::UtcNow
        $task = Complete-V2024PendingTask -Id s1 -Confirm:$false
        $task.id, $task.completionStatus | Should -Be 's1', 'ERROR'
        $task.completed | Should -BeGreaterOrEqual $before.AddSeconds(-1)
        $task.completed | Should -BeLessOrEqual ([datetime]::UtcNow.AddSeconds(1))
        $requests = Get-SandboxRequest $sandbox
        $requests.method | Should -Be 'GET', 'PATCH'
        $requests.path | Should -Be '/v2024/task-status/s1', '/v2024/task-status/s1'
        $requests[1].body |
            Should -Match ('^\[\{"op":"replace","path":"/completionStatus","value":"ERROR"\},' +
                '\{"op":"replace","path":"/completed","value":"[\d-]+T[\d:.]+Z"\}\]$')
    }
    It 'changes nothing if the response is not the task: <_>' -TestCases @(
        '{"a":1}', '{"id":"s2","completionStatus":null}', '[{"id":"s1"}]', '[]', 'null'
    ) {
        Add-SandboxResponse $sandbox 200 -Body $_ -Operation get
        { Complete-V2024PendingTask s1 -Confirm:$false } |
            Should -Throw -ErrorId 'InvalidResponse,Complete-V2024PendingTask'
        (Get-SandboxRequest $sandbox).method | Should -Be 'GET'
    }
    It 'takes a task whose names of members PowerShell cannot have' {
        $odd = '{"id":"o1","uniqueName":"Odd","":1,"completed":null,"completionStatus":null}'
        Set-SandboxTask $sandbox $odd
        (Complete-V2024PendingTask o1 -Confirm:$false)['completionStatus'] | Should -Be 'ERROR'
    }
    It 'takes a [datetimeoffset] as date' {
        $completed = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, [timespan]::FromHours(2))
        $null = Complete-V2024PendingTask s1 -Completed $completed -Confirm:$false
        (Get-SandboxRequest $sandbox)[1].body | Should -BeLike '*"value":"2025-01-02T01:04:05Z"}]'
        { Complete-V2024PendingTask s2 -Completed soon -Confirm:$false } |
            Should -Throw -ErrorId 'InvalidArgument,Complete-V2024PendingTask' -ExpectedMessage '*not a date: soon.*'
    }
    It 'sends the given status and date' {
        $completed = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, [timespan]::FromHours(2)).LocalDateTime
        $null = Complete-V2024PendingTask s1 -CompletionStatus TERMINATED -Completed $completed -Confirm:$false
        (Get-SandboxRequest $sandbox)[1].body |
            Should -BeExactly ('[{"op":"replace","path":"/completionStatus","value":"TERMINATED"},' +
                '{"op":"replace","path":"/completed","value":"2025-01-02T01:04:05Z"}]')
    }
    It 'takes tasks from Get-V2024PendingTasks' {
        (Get-V2024PendingTasks -All | Complete-V2024PendingTask -Confirm:$false).id | Should -Be 's1', 's2'
        Get-V2024PendingTasks | Should -BeNullOrEmpty
        ('e1' | Complete-V2024PendingTask -Confirm:$false -WarningAction SilentlyContinue) | Should -BeNullOrEmpty
    }
    It 'C63: completes each task of a listing that they leave meanwhile, once' {
        Set-SandboxTask $sandbox @(1..700 | ForEach-Object {
                $created = [datetime]::UtcNow.AddMinutes(-$_).ToString('o')
                "{`"id`":`"p$_`",`"created`":`"$created`",`"completed`":null,`"completionStatus`":null}"
            })
        $done = Get-V2024PendingTasks -All | Complete-V2024PendingTask -Confirm:$false
        $done.Count, @($done.id | Sort-Object -Unique).Count | Should -Be 700, 700
        Get-V2024PendingTasks | Should -BeNullOrEmpty
        @(Get-SandboxRequest $sandbox | Where-Object method -EQ PATCH).Count | Should -Be 700
    }
    It 'skips a task that has ended in the meantime, with a warning' {
        $pending = Get-V2024PendingTasks | Where-Object id -EQ s1
        $null = Update-V2024TaskStatus s1 @{ op = 'replace'; path = '/completionStatus'; value = 'SUCCESS' }
        Reset-Sandbox $sandbox
        $pending | Complete-V2024PendingTask -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue |
            Should -BeNullOrEmpty
        $warnings.Message |
            Should -BeExactly "Skipped $($name): it already ended with SUCCESS."
        (Get-SandboxRequest $sandbox).method | Should -Be 'GET'
    }
    It '-WhatIf names the task, its source and its age, and changes nothing' {
        $run = Invoke-Child "'s1', 's2' | Complete-V2024PendingTask -WhatIf"
        $start = 'What if: Performing the operation "complete with ERROR, completed now" on target'
        $run.Output -split "`n" | Should -Be @(
            "$start `"$name, source 'HR – Zürich [source]', created 9 days ago`"."
            "$start `"task s2, created at an unknown time`"."
        )
        $run.ExitCode | Should -Be 0
        (Get-SandboxRequest $sandbox).method | Should -Not -Contain 'PATCH'
    }
    It 'says how old a task is' {
        $ages = [ordered] @{
            1 = '1 minute'; 119 = '119 minutes'; 120 = '2 hours'; 2879 = '47 hours'; 2880 = '2 days'; 0 = '0 minutes'
        }
        Set-SandboxTask $sandbox @($ages.Keys | ForEach-Object {
                $created = [datetime]::UtcNow.AddMinutes(-$_).ToString('o')
                "{`"id`":`"p$_`",`"created`":`"$created`",`"completionStatus`":null}"
            })
        $run = Invoke-Child 'Get-V2024PendingTasks | Complete-V2024PendingTask -WhatIf'
        $run.Output -split "`n" -replace '.*created (.*) ago.*', '$1' | Sort-Object |
            Should -Be ($ages.Values | Sort-Object)
    }
    It 'respects $WhatIfPreference of a calling script' {
        $run = Invoke-Child @'
$WhatIfPreference = $true
Complete-V2024PendingTask s2
Update-V2024TaskStatus s2 '{"op":"remove","path":"/messages"}'
'@
        @($run.Output -split "`n" -like 'What if:*').Count | Should -Be 2
        (Get-SandboxRequest $sandbox).method | Should -Not -Contain 'PATCH'
    }
    It 'asks by default, and changes nothing if nobody can confirm' {
        $run = Invoke-Child 'Complete-V2024PendingTask s1'
        $run.Errors | Should -BeLike '*nobody to ask for confirmation*-Confirm:$false*'
        (Get-SandboxRequest $sandbox).method | Should -Be 'GET'
    }
    It 'Update-V2024TaskStatus does not ask' {
        $run = Invoke-Child @'
$patch = @{ op = 'replace'; path = '/completionStatus'; value = 'ERROR' }
(Update-V2024TaskStatus s1 $patch).completionStatus
'@
        $run.Output | Should -Be 'ERROR'
        $run.ExitCode | Should -Be 0
    }
    It 'an unknown id is NotFound, and a refused patch is Forbidden' {
        { Complete-V2024PendingTask none -Confirm:$false } | Should -Throw -ErrorId 'NotFound,Complete-V2024PendingTask'
        Add-SandboxResponse $sandbox 403 -Body '{"detailCode":"403"}' -Operation update
        { Complete-V2024PendingTask s1 -Confirm:$false } | Should -Throw -ErrorId 'Forbidden,Complete-V2024PendingTask'
    }
    It '-ErrorAction SilentlyContinue continues with the next task' {
        $options = @{ Confirm = $false; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'records' }
        ('none', 's1' | Complete-V2024PendingTask @options).id | Should -Be 's1'
        $records.TargetObject | Should -Be 'none'
    }
    It 'adds what a task has no member for' {
        Set-SandboxTask $sandbox '{"id":"s3"}'
        (Complete-V2024PendingTask s3 -Confirm:$false).completionStatus | Should -Be 'ERROR'
        (Get-SandboxRequest $sandbox)[1].body |
            Should -Match '^\[\{"op":"add","path":"/completionStatus",.*\{"op":"add","path":"/completed",'
    }
    It 'warns once of a status that is not known, and writes a known one as the tenant does' {
        's1', 's2' | Complete-V2024PendingTask -CompletionStatus DONE -Confirm:$false -WarningVariable warned 3>$null |
            ForEach-Object completionStatus | Should -Be 'DONE', 'DONE'
        $warned.Message | Should -BeExactly ("-CompletionStatus 'DONE' is not one of the known values: " +
            'ERROR, SUCCESS, TEMPERROR, TERMINATED, WARNING')
        Set-SandboxTask $sandbox $bare
        (Complete-V2024PendingTask s2 -CompletionStatus terminated -Confirm:$false).completionStatus |
            Should -BeExactly 'TERMINATED'
    }
    It '-WhatIf shows the completion time' {
        $run = Invoke-Child "Complete-V2024PendingTask s2 -Completed '2025-01-02T03:04:05Z' -WhatIf"
        $run.Output | Should -BeLike '*"complete with ERROR, completed 2025-01-02T03:04:05Z" on target*'
    }
    It 'Update-V2024TaskStatus refuses objects with ids next to -Id' {
        $rows = [pscustomobject]@{ id = 's1'; op = 'replace'; path = '/description'; value = 'x' }
        { $rows | Update-V2024TaskStatus -Id s2 } | Should -Throw -ErrorId 'InvalidArgument,Update-V2024TaskStatus' `
            -ExpectedMessage '*has an id of its own, and -Id is given*'
        Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
    }
    It 'refuses an empty status' {
        { Complete-V2024PendingTask s1 -CompletionStatus '' } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
    }
}
