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
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/t1'; delay = 400 }
        $first = $ids | & $Command @Given | Select-Object -First 1
        $first.id | Should -Be 't1'
        # The pipeline stopped at the first result, when nothing else was sent than what was on its way.
        @(Get-SandboxRequest $sandbox).Count | Should -Be $AtOnce
    }
    It 'a failure that ends the pipeline starts nothing new, and tells of changes on their way' {
        Add-SandboxFault $sandbox pass -More @{ path = '/v2024/task-status/none'; delay = 400 }
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
