# Listings of tenants whose pages are short or whose order is loose: one of each disturbance. The tests of the C library
# try 200 seeds of each.
Describe 'Disturbances' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $ProgressPreference = 'SilentlyContinue'
        $sandbox = Start-Sandbox '--tasks', '300', '--pending', '60', '--progress', '0'
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'lists every task once with <Rules>' -TestCases @(
        @{ Rules = '{"cap":10}' }
        @{ Rules = '{"drop":0.3,"seed":3}' }
        @{ Rules = '{"shuffle":20,"seed":3}' }
        @{ Rules = '{"modify":1,"seed":3}' }
        @{ Rules = '{"odd_ids":{"number":0.1},"seed":3}' }
    ) {
        Set-SandboxRule $sandbox "{`"disturbances`":$Rules}"
        $tasks = @(Get-V2024TaskStatusList -All -Limit 50)
        $tasks.Count | Should -Be 300
        @($tasks.id | Select-Object -Unique).Count | Should -Be 300
    }

    It 'finds every task of a range with <Rules>' -TestCases @(
        @{ Rules = '{"cap":10}' }
        @{ Rules = '{"drop":0.3,"seed":3}' }
        @{ Rules = '{"drop":0.02,"seed":4}' }
        @{ Rules = '{"shuffle":20,"seed":3}' }
        @{ Rules = '{"modify":1,"seed":3}' }
        @{ Rules = '{"hide":0.02,"seed":3}' }
    ) {
        Set-SandboxRule $sandbox "{`"disturbances`":$Rules}"
        $quiet = @{ WarningAction = 'SilentlyContinue' }
        $all = @(Get-V2024TaskStatusList -All -Limit 50 @quiet | Sort-Object created -Descending)
        $days = @{ After = $all[170].created; Before = $all[30].created }
        $expected = @($all.Where{ $_.created -ge $days.After -and $_.created -lt $days.Before }.id)
        $expected.Count | Should -BeGreaterThan 110
        foreach ($sorter in '-created', 'created') {
            $found = (Get-V2024TaskStatusList -All -Limit 50 -Sorters $sorter @days @quiet).id
            $found | Sort-Object | Should -Be ($expected | Sort-Object)
        }
    }

    It 'lists every task that can be seen, if the tenant counts more' {
        Set-SandboxRule $sandbox '{"disturbances":{"hide":0.02,"seed":3}}'
        $quiet = @{ WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $tasks = @(Get-V2024TaskStatusList -All -Limit 50 @quiet)
        $tasks.Count | Should -BeIn (270..299)
        $warned | Should -BeExactly "The tenant counts 300 tasks, but lists only $($tasks.Count)"
        @($tasks.id | Select-Object -Unique).Count | Should -Be $tasks.Count
    }

    It 'lists every pending task that goes on, while others end' {
        Set-SandboxRule $sandbox '{"disturbances":{"end":3,"seed":3}}'
        $before = @(Get-V2024PendingTasks -All -Limit 10)
        @($before.id | Select-Object -Unique).Count | Should -Be $before.Count
        Set-SandboxRule $sandbox '{"disturbances":null}'
        foreach ($task in Get-V2024PendingTasks -All) { $task.id | Should -BeIn $before.id }
    }

    It 'ends with ListIncomplete if tasks come faster than they are listed, after all that came' {
        Set-SandboxRule $sandbox '{"disturbances":{"grow":40,"seed":3}}'
        $tasks = [Collections.Generic.List[object]]::new()
        { Get-V2024TaskStatusList -All -Limit 20 | ForEach-Object { $tasks.Add($_) } } |
            Should -Throw -ErrorId 'ListIncomplete,Get-V2024TaskStatusList' -ExpectedMessage '*tasks may be missing*'
        $tasks.Count | Should -BeGreaterThan 20
        @($tasks.id | Select-Object -Unique).Count | Should -Be $tasks.Count
    }
}
