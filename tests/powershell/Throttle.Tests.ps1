# Several requests at once: -ThrottleLimit, and the order of results, errors and questions.
Describe 'ThrottleLimit' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        $ids = 1..8 | ForEach-Object { "t$_" }
        $tasks = $ids | ForEach-Object { '{"id":"' + $_ + '","completed":null,"completionStatus":null}' }
        $patch = @{ op = 'add'; path = '/description'; value = 'x' }
        # What an item of a mixed output is about.
        function Get-Subject {
            process {
                if ($_ -is [Management.Automation.ErrorRecord]) { "$($_.TargetObject) failed" }
                elseif ($_ -is [Management.Automation.WarningRecord]) { "$_" }
                else { $_.id }
            }
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $tasks
    }

    It 'Get-V2024TaskStatus gives results and errors in the order of the ids' {
        # The first response is the last to come.
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t1'; delay = 300 }
        $found = 't1', 'none', 't2', 't3', 't1' | Get-V2024TaskStatus -ErrorAction Continue 2>&1
        $found | Get-Subject | Should -Be 't1', 'none failed', 't2', 't3', 't1'
    }
    It '<Command> has <AtOnce> requests on their way' -TestCases @(
        @{ Command = 'Get-V2024TaskStatus'; Given = @{}; AtOnce = 4 }
        @{ Command = 'Get-V2024TaskStatus'; Given = @{ ThrottleLimit = 2 }; AtOnce = 2 }
        @{ Command = 'Update-V2024TaskStatus'; Given = @{ }; AtOnce = 1 }
        @{ Command = 'Update-V2024TaskStatus'; Given = @{ ThrottleLimit = 3 }; AtOnce = 3 }
    ) {
        if ($Command -like 'Update*') { $Given = $Given + @{ JsonPatchOperation = $patch } }
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t1'; delay = 1500 }
        $first = $ids | & $Command @Given | Select-Object -First 1
        $first.id | Should -Be 't1'
        # The pipeline stopped at the first result, when nothing else was sent than what was on its way.
        @(Get-SandboxRequest $sandbox).Count | Should -Be $AtOnce
    }
    It 'a failure that ends the pipeline starts nothing new, and tells of changes on their way' {
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/none'; delay = 1500 }
        $failed = { $ids[0..2] + 'none' + $ids[3..7] | Update-V2024TaskStatus -JsonPatchOperation $patch `
                -ThrottleLimit 3 -WarningVariable script:told 3>$null }
        $failed | Should -Throw -ErrorId 'NotFound,Update-V2024TaskStatus'
        $rest = 't4 (changed), t5 (changed)'
        "$told" | Should -BeExactly "Changes of other tasks were on their way when one failed: $rest"
        @(Get-SandboxRequest $sandbox).path.Count | Should -Be 6
    }
    It 'a bad id in the middle is refused after the results of those before it' {
        $found = 't1', 't2', 1.5, 't3' | Get-V2024TaskStatus -ErrorAction Continue 2>&1
        $found | Get-Subject | Should -Be 't1', 't2', '1.5 failed', 't3'
    }
    It 'Complete-V2024PendingTask looks and changes at once, and gives everything in order' {
        $ended = '{"id":"e1","uniqueName":"Ended","completed":"2025-01-02T03:09:05Z","completionStatus":"SUCCESS"}'
        Set-SandboxTask $sandbox ($tasks + $ended)
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t1'; times = 2; delay = 100 }
        $found = 't1', 'e1', 't2', 'none', 't3' |
            Complete-V2024PendingTask -Confirm:$false -ThrottleLimit 5 -ErrorAction Continue 2>&1 3>&1
        $skipped = "Skipped task 'Ended' (e1): it already ended with SUCCESS."
        $found | Get-Subject | Should -Be 't1', $skipped, 't2', 'none failed', 't3'
        @(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.path |
            Should -Be '/v2024/task-status/t1', '/v2024/task-status/t2', '/v2024/task-status/t3'
    }
    It 'Complete-V2024PendingTask changes nothing after a task that fails' {
        { 't1', 'none', 't2', 't3' | Complete-V2024PendingTask -Confirm:$false -ThrottleLimit 4 } |
            Should -Throw -ErrorId 'NotFound,Complete-V2024PendingTask'
        @(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.path | Should -Be '/v2024/task-status/t1'
    }
    It 'tries no change again after a failure that ends the pipeline' {
        $refusal = @{ respond = @{ status = 429; headers = @(, @('retry-after', '4')) } }
        Add-SandboxFault $sandbox $refusal -More @{ path = '/v2024/task-status/t1' }
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/none'; delay = 1500 }
        { 'none', 't1', 't2' | Update-V2024TaskStatus -JsonPatchOperation $patch -ThrottleLimit 2 `
                -WarningVariable script:told 3>$null } | Should -Throw -ErrorId 'NotFound,Update-V2024TaskStatus'
        "$told" | Should -BeLike ('Changes of other tasks were on their way when one failed: t1 (*429 Too Many ' +
            'Requests*; not tried again: the call was told to send nothing more)')
        Start-Sleep -Seconds 3
        @(Get-SandboxRequest $sandbox).path | Sort-Object |
            Should -Be '/v2024/task-status/none', '/v2024/task-status/t1'
    }
    It 'the warning about changes hides no error, with -WarningAction Stop' {
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/none'; delay = 1500 }
        $failed = { 'none', 't1' | Update-V2024TaskStatus -JsonPatchOperation $patch -ThrottleLimit 2 `
                -WarningAction Stop }
        $failed | Should -Throw -ErrorId 'NotFound,Update-V2024TaskStatus' -PassThru |
            ForEach-Object { $_.ErrorDetails.RecommendedAction } |
            Should -BeLike ('*Changes of other tasks were on their way when one failed: t1 (changed) ' +
                '(PATCH /v2024/task-status/none: 404 *)')
    }
    It 'a command downstream that stops the pipeline leaves no change untold' {
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t1'; delay = 1500 }
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t2'; delay = 2000 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 't1', 't2', 't3', 't4' | Update-V2024TaskStatus " +
            '-JsonPatchOperation @{ op = "add"; path = "/description"; value = "x" } -ThrottleLimit 3 | ' +
            'Select-Object -First 1'
        $shell.AddScript($script).Invoke().id | Should -Be 't1'
        $shell.Streams.Warning.Message | Should -BeExactly ('The pipeline was stopped while changes of tasks were on ' +
            'their way: t2 (changed), t3 (changed)')
        $shell.Dispose()
        @(Get-SandboxRequest $sandbox).Count | Should -Be 3
    }
    It 'Stop() tells of the changes that may have been made' {
        Add-SandboxFault $sandbox hang -Operation update -More @{ times = 0 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 't1', 't2', 't3' | Update-V2024TaskStatus " +
            '-JsonPatchOperation @{ op = "remove"; path = "/description" } -ThrottleLimit 2'
        $null = $shell.AddScript($script).BeginInvoke()
        while (@(Get-SandboxRequest $sandbox).Count -lt 2) { Start-Sleep -Milliseconds 20 }
        $shell.Stop()
        $open = 'no response: the change may have been made'
        $shell.Streams.Warning.Message | Should -BeExactly ('The pipeline was stopped while changes of tasks were on ' +
            "their way: t1 ($open), t2 ($open)")
        $shell.Dispose()
    }
    It 'a stop leaves no completed task untold, and takes about a second' {
        Add-SandboxFault $sandbox hang -Operation update -More @{ path = '/v2024/task-status/t1'; times = 0 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 't1', 't2', 't3' | Complete-V2024PendingTask " +
            '-Confirm:$false -ThrottleLimit 3'
        $null = $shell.AddScript($script).BeginInvoke()
        while (@(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.Count -lt 3) {
            Start-Sleep -Milliseconds 20
        }
        Start-Sleep -Milliseconds 300
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 4
        $shell.Streams.Warning.Message | Should -BeExactly ('The pipeline was stopped while changes of tasks were on ' +
            'their way: t1 (no response: the change may have been made), t2 (changed), t3 (changed)')
        $shell.Dispose()
    }
    It 'Stop() loses no change whose response comes at that moment: <Command>' -TestCases @(
        @{ Command = 'Update-V2024TaskStatus -JsonPatchOperation @{ op = "add"; path = "/description"; value = "x" }' }
        @{ Command = 'Complete-V2024PendingTask -Confirm:$false' }
    ) {
        # At nearly every moment a response is on its way that comes before Stop() has an effect.
        Set-SandboxTask $sandbox @(1..400 | ForEach-Object { "{`"id`":`"s$_`"}" })
        Add-SandboxFault $sandbox pass -Operation update -More @{ times = 0; delay = 20 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 1..400 | ForEach-Object { `"s`$_`" } | $Command"
        $none = [Management.Automation.PSDataCollection[psobject]]::new()
        $none.Complete()
        $written = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.AddScript($script).BeginInvoke($none, $written)
        $changed = { @(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.ForEach{ $_.path -replace '.*/' } }
        while (@(& $changed).Count -lt 2) {
            if ($shell.InvocationStateInfo.State -ne 'Running') { throw $shell.InvocationStateInfo.Reason }
            Start-Sleep -Milliseconds 5
        }
        $shell.Stop()
        $warned = [regex]::Matches("$($shell.Streams.Warning)", '(s\d+) \(').ForEach{ $_.Groups[1].Value }
        $shell.Dispose()
        @($written.id) + @($warned) | Should -Be (& $changed)
    }
    It 'a stop while a later command runs takes about a second: <Command>' -TestCases @(
        @{ Command = 'Update-V2024TaskStatus -JsonPatchOperation @{ op = "add"; path = "/description"; value = "x" }' }
        @{ Command = 'Complete-V2024PendingTask -Confirm:$false' }
    ) {
        # The result of t1 is written when t3 arrives, while t2 is on its way. Both are changed then, if they are
        # looked at before.
        Add-SandboxFault $sandbox pass -Operation get -More @{ path = '/v2024/task-status/t1'; delay = 1000 }
        Add-SandboxFault $sandbox pass -Operation update -More @{ path = '/v2024/task-status/t1'; delay = 500 }
        Add-SandboxFault $sandbox hang -Operation update -More @{ path = '/v2024/task-status/t2'; times = 0 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 't1', 't2', 't3', 't4' | ForEach-Object { `$_; " +
            "if (`$_ -eq 't2') { Start-Sleep 2 } } | $Command -ThrottleLimit 3 | " +
            "ForEach-Object { Write-Verbose 'written' -Verbose; Start-Sleep -Seconds 60 }"
        $null = $shell.AddScript($script).BeginInvoke()
        while (-not $shell.Streams.Verbose -and $shell.InvocationStateInfo.State -eq 'Running') {
            Start-Sleep -Milliseconds 20
        }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 7
        $shell.Streams.Warning.Message | Should -BeLike '*on their way: t2 (no response: the change may *'
        $shell.Dispose()
    }
    It 'a stop after a failure tells of both' {
        Add-SandboxFault $sandbox hang -Operation update -More @{ path = '/v2024/task-status/t2'; times = 0 }
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/none'; delay = 1000 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 'none', 't1', 't2' | Update-V2024TaskStatus " +
            '-JsonPatchOperation @{ op = "add"; path = "/description"; value = "x" } -ThrottleLimit 3 -Verbose'
        $null = $shell.AddScript($script).BeginInvoke()
        while (-not ($shell.Streams.Verbose -match '/none returned 404')) { Start-Sleep -Milliseconds 20 }
        # The error itself is known a moment later.
        Start-Sleep -Milliseconds 300
        $shell.Stop()
        $shell.Streams.Warning.Message | Should -BeLike ('The pipeline was stopped while changes of tasks were on ' +
            'their way: *t1 (changed)*t2 (no response*failed: PATCH /v2024/task-status/none: 404 *')
        $shell.Dispose()
    }
    It 'Ctrl+C tells of the changes that may have been made' {
        Add-SandboxFault $sandbox hang -Operation update -More @{ times = 0 }
        $file = Join-Path $TestDrive 'stopped.ps1'
        Set-Content -LiteralPath $file -Value "Import-Module '$env:V2024_TEST_MODULE'
            't1', 't2', 't3' | Update-V2024TaskStatus -JsonPatchOperation @{ op = 'remove'; path = '/description' } ``
                -ThrottleLimit 2"
        $start = [Diagnostics.ProcessStartInfo]::new('script', [string[]] @('-qec',
                "'$(Get-Shell)' -NoProfile -File '$file'", '/dev/null'))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $start.Environment['NO_COLOR'] = '1'
        $process = [Diagnostics.Process]::Start($start)
        while (@(Get-SandboxRequest $sandbox).Count -lt 2) { Start-Sleep -Milliseconds 20 }
        $process.StandardInput.Write([char] 3)
        $process.StandardInput.Flush()
        $output = $process.StandardOutput.ReadToEnd() -replace '\s+', ' '
        $output | Should -BeLike '*pipeline was stopped while changes of tasks were on their way: t1 (no response*'
    }
    It 'a task that is given twice is changed once at a time' {
        Add-SandboxFault $sandbox pass -Operation update -More @{ times = 1; delay = 300 }
        $found = 't1', 'T1', 't2' | Update-V2024TaskStatus -JsonPatchOperation $patch -ThrottleLimit 3 `
            -ErrorAction Continue 2>&1
        $found | Get-Subject | Should -Be 't1', 'T1 failed', 't2'
        $found = 't3', 't3', 't4' | Complete-V2024PendingTask -Confirm:$false -ThrottleLimit 3 3>&1
        $found | Get-Subject | Should -Be 't3', 'Skipped task t3: it already ended with ERROR.', 't4'
        @(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' -and $_.path -like '*/t3' }.Count | Should -Be 1
    }
    It 'asks in the order of the tasks, before anything of the item is sent' {
        $run = {
            param($Answers)
            $file = Join-Path $TestDrive 'asked.ps1'
            Set-Content -LiteralPath $file -Value "Import-Module '$env:V2024_TEST_MODULE'
                't1', 't2', 't3', 't4' | Complete-V2024PendingTask -ThrottleLimit 4 | ForEach-Object id"
            $arguments = [string[]] @('-NoProfile', '-Command', "& '$file'")
            $start = [Diagnostics.ProcessStartInfo]::new((Get-Shell), $arguments)
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
            $start.Environment['NO_COLOR'] = '1'
            $process = [Diagnostics.Process]::Start($start)
            foreach ($answer in $Answers) { $process.StandardInput.WriteLine($answer) }
            $process.StandardInput.Close()
            $process.StandardOutput.ReadToEnd()
        }
        $output = & $run 'n', 'y', 'n', 'y'
        if (-not $IsWindows) {
            ([regex]::Matches($output, 'on\s+target\s+"task\s+(t\d)')).ForEach{ $_.Groups[1].Value } |
                Should -Be 't1', 't2', 't3', 't4'
        }
        @(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.path |
            Should -Be '/v2024/task-status/t2', '/v2024/task-status/t4'
        Reset-Sandbox $sandbox
        $null = & $run 'l'
        @(Get-SandboxRequest $sandbox).method | Should -Not -Contain 'PATCH'
    }
    It 'skips a task that ended during its question after the result of the one before it' {
        Add-SandboxFault $sandbox pass -Operation update -More @{ delay = 3000 }
        $file = Join-Path $TestDrive 'ended.ps1'
        Set-Content -LiteralPath $file -Value "Import-Module '$env:V2024_TEST_MODULE'
            't1', 't2' | Complete-V2024PendingTask -ThrottleLimit 2 3>&1 | ForEach-Object { `"<`$(`$_.id ?? `$_)>`" }"
        $start = [Diagnostics.ProcessStartInfo]::new((Get-Shell), [string[]] @('-NoProfile', '-Command', "& '$file'"))
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $start.Environment['NO_COLOR'] = '1'
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.WriteLine('y')
        while (@(Get-SandboxRequest $sandbox).Where{ $_.method -eq 'PATCH' }.Count -lt 1 -and -not $process.HasExited) {
            Start-Sleep -Milliseconds 20
        }
        Set-SandboxTask $sandbox $tasks[0], $tasks[1].Replace('"completionStatus":null', '"completionStatus":"SUCCESS"')
        $process.StandardInput.WriteLine('y')
        $output = $process.StandardOutput.ReadToEnd()
        [regex]::Matches($output, '<.*?>').Value |
            Should -Be '<t1>', '<Skipped task t2: it already ended with SUCCESS.>'
    }
    It 'decides on no task before the one that was given before it, whose response is late' {
        Add-SandboxFault $sandbox pass -Operation get -More @{ path = '/v2024/task-status/t1'; delay = 900 }
        $run = Invoke-Child ("'t1', 't2', 't3' | ForEach-Object { Start-Sleep -Milliseconds 200; `$_ } | " +
            'Complete-V2024PendingTask -ThrottleLimit 4 -WhatIf')
        $run.Output -split "`n" -replace '.*target "task (t\d).*', '$1' | Should -Be 't1', 't2', 't3'
    }
    It 'shows progress while tasks are completed' {
        Add-SandboxFault $sandbox pass -Operation get -More @{ times = 0; delay = 600 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; Complete-V2024PendingTask t1, t2, t3 -Confirm:`$false"
        @($shell.AddScript($script).Invoke()).Count | Should -Be 3
        $shell.Streams.Progress.Activity | Select-Object -Unique | Should -Be 'Completing pending tasks'
        $shell.Streams.Progress.StatusDescription | Should -Contain '3 of 3 tasks'
        $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
        $shell.Dispose()
    }
    It 'removes the progress bar before a question, and shows it again after it' {
        Add-SandboxFault $sandbox pass -Operation get -More @{ times = 0; delay = 600 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        # Nobody can be asked here, so that each question is an error.
        $script = "'t1', 't2', 't3' | Complete-V2024PendingTask -ErrorAction Continue"
        $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'; $script").Invoke()
        $shell.Streams.Error.TargetObject | Should -BeLike 'task t?, created at an unknown time'
        $shell.Streams.Progress[-4..-1].RecordType | Should -Be 'Processing', 'Completed', 'Processing', 'Completed'
        $shell.Streams.Progress[-4..-1].StatusDescription | Should -Be '2 tasks', 'Ended', '3 tasks', 'Ended'
        $shell.Dispose()
    }
    It 'removes the progress bar when the pipeline ends early: <Script>' -TestCases @(
        @{ Script = 'try { "t1", "t2", "none" | Get-V2024TaskStatus -ThrottleLimit 1 } catch { }' }
        @{ Script = '"t1", "t2", "t3", "t4" | Get-V2024TaskStatus -ThrottleLimit 1 | Select-Object -First 3' }
        @{ Script = '"t1", "t2", "t3", "t4" | Complete-V2024PendingTask -Confirm:$false | Select-Object -First 3' }
        @{ Script = '"t1", "e1" | Wait-V2024TaskStatus | Select-Object -First 1' }
    ) {
        Add-SandboxFault $sandbox pass -Operation get -More @{ times = 0; delay = 600 }
        $ended = '{"id":"e1","completed":"2025-01-02T03:09:05Z","completionStatus":"SUCCESS"}'
        Set-SandboxTask $sandbox ($tasks + $ended)
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'; $Script").Invoke()
        $shell.Streams.Progress.Count | Should -BeGreaterThan 1
        $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
        $shell.Dispose()
    }
    It 'shows progress of many ids' {
        Add-SandboxFault $sandbox pass -Operation get -More @{ times = 0; delay = 300 }
        $shell = [PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $script = "Import-Module '$env:V2024_TEST_MODULE'; 't1', 't2', 't3', 't4', 't5' | Get-V2024TaskStatus " +
            '-ThrottleLimit 1'
        @($shell.AddScript($script).Invoke()).Count | Should -Be 5
        $shell.Streams.Progress.Activity | Select-Object -Unique | Should -Be 'Getting task statuses'
        $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
        $shell.Dispose()
    }
}
