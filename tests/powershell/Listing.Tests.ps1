# -All, -Raw and dates: which requests are sent, and when.
Describe 'Listing' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        # No progress bar, since its request for the total would disturb the counts of requests.
        $ProgressPreference = 'SilentlyContinue'
        $sandbox = Start-Sandbox
        # Newest first: one task for each minute before noon.
        function New-Row {
            param([int] $Count)
            $noon = ([datetime] '2025-01-01T12:00:00Z').ToUniversalTime()
            1..$Count | ForEach-Object {
                "{`"id`":`"$_`",`"completionStatus`":null,`"created`":`"$($noon.AddMinutes(-$_).ToString('o'))`"}"
            }
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    Context '-All' {
        It 'returns the first page before the second has arrived' {
            Set-SandboxTask $sandbox (New-Row 30)
            Add-SandboxFault $sandbox 'hang' -More @{ skip = 1 }
            (Get-V2024TaskStatusList -All -Limit 10 | Select-Object -First 10).Count | Should -Be 10
        }
        It 'sends no further request once the pipeline has enough' {
            Set-SandboxTask $sandbox (New-Row 100)
            (Get-V2024TaskStatusList -All -Limit 10 | Select-Object -First 5).id | Should -Be '1', '2', '3', '4', '5'
            $sent = @(Get-SandboxRequest $sandbox).Count
            $sent | Should -BeIn 1, 2
            Start-Sleep -Milliseconds 300
            @(Get-SandboxRequest $sandbox).Count | Should -Be $sent
        }
        It 'fetches a page ahead, with overlapping offsets, and starts at -Offset' {
            Set-SandboxTask $sandbox (New-Row 30)
            (Get-V2024TaskStatusList -All -Limit 20 -Offset 5 -Sorters '-created').id | Should -Be (6..30)
            $sent = (Get-SandboxRequest $sandbox).Sent
            $sent.offset | Should -Be '5', '20'
            $sent.limit | Should -Be '20', '20'
            $sent.sorters | Should -Be '-created', '-created'
        }
        It 'an error in the middle comes after the tasks before it, and names the offset' {
            Set-SandboxTask $sandbox (New-Row 30)
            Add-SandboxResponse $sandbox 403 -Body '{"detailCode":"403"}' -Skip 1
            $got = [Collections.Generic.List[string]]::new()
            try { Get-V2024TaskStatusList -All -Limit 20 | ForEach-Object { $got.Add($_.id) } } catch { $caught = $_ }
            $got | Should -Be (1..20)
            $caught.FullyQualifiedErrorId | Should -Be 'Forbidden,Get-V2024TaskStatusList'
            $caught.Exception.Message | Should -BeLike '*the listing stopped at offset 15*'
        }
        It '-ErrorAction SilentlyContinue writes one record' {
            Set-SandboxTask $sandbox (New-Row 30)
            Add-SandboxResponse $sandbox 403 -Body '{}' -Skip 1
            @(Get-V2024PendingTasks -All -Limit 20 -ErrorAction SilentlyContinue -ErrorVariable records).Count |
                Should -Be 20
            $records.FullyQualifiedErrorId | Should -Be 'Forbidden,Get-V2024PendingTasks'
        }
        It 'refuses a page size of 0' {
            { Get-V2024TaskStatusList -All -Limit 0 } | Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList'
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
        It 'C17: an expired token is renewed once, and all six pages arrive' {
            Set-SandboxTask $sandbox (New-Row 95)
            $null = Get-V2024TaskStatusList -Limit 1
            Reset-Sandbox $sandbox
            Add-SandboxFault $sandbox 'expire_tokens' -More @{ skip = 3 }
            (Get-V2024TaskStatusList -All -Limit 20).id | Should -Be (1..95)
            @(Get-SandboxRequest $sandbox -All | Where-Object operation -EQ token).Count | Should -Be 1
        }
    }

    Context 'the progress bar' {
        BeforeAll {
            # The progress records that a host gets.
            function Get-Bar {
                param([string] $Script)
                $shell = [powershell]::Create()
                try {
                    $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'; $Script").Invoke()
                    $shell.Streams.Error | Should -BeNullOrEmpty
                    return $shell.Streams.Progress.Where{ $_.Activity -like 'Listing*' }
                }
                finally { $shell.Dispose() }
            }
        }
        It 'appears after a second with the number of tasks and the total, and is removed at the end' {
            Set-SandboxTask $sandbox (New-Row 60)
            Add-SandboxFault $sandbox 'pass' -More @{ times = 0; delay = 400 }
            $bars = Get-Bar 'Get-V2024TaskStatusList -All -Limit 10 -Filters "completionStatus isnull" -Offset 2'
            $bars[-1].RecordType | Should -Be 'Completed'
            $bars.StatusDescription | Should -Contain '58 of 58 tasks'
            $bars[-2].PercentComplete | Should -Be 100
            $bars.Activity | Select-Object -Unique | Should -Be 'Listing task statuses'
            (Get-SandboxRequest $sandbox).Sent.limit | Select-Object -Unique | Should -Be '10'
        }
        It 'does not appear if progress is hidden, or if the listing is quick' {
            Set-SandboxTask $sandbox (New-Row 60)
            Get-Bar 'Get-V2024PendingTasks -All -Limit 10' | Should -BeNullOrEmpty
            Add-SandboxFault $sandbox 'pass' -More @{ times = 0; delay = 400 }
            Get-Bar '$ProgressPreference = "SilentlyContinue"; Get-V2024PendingTasks -All -Limit 20' |
                Should -BeNullOrEmpty
            Get-Bar 'Get-V2024PendingTasks -All -Limit 20 -ProgressAction Ignore' | Should -BeNullOrEmpty
        }
        It 'shows no total if the tenant sends none that is a number: <_>' -TestCases 'abc', '7, 8', '' {
            Set-SandboxTask $sandbox (New-Row 30)
            $headers = @('content-type', 'application/json'), @('x-total-count', $_)
            $rows = "[$((New-Row 5) -join ',')]"
            Add-SandboxFault $sandbox @{ respond = @{ status = 200; body = $rows; headers = $headers } } -More @{
                delay = 1100
            }
            $script = 'Get-V2024PendingTasks -All -Limit 10 -ErrorAction SilentlyContinue | Select-Object -First 5'
            (Get-Bar $script).StatusDescription | Should -Contain '5 tasks'
        }
    }

    Context '-Raw' {
        BeforeAll { $odd = '{"id":"dd01","A":1.0,"a":9007199254740993,"":"\u0041", "completionStatus":null}' }
        It 'returns the tenant''s text unchanged' {
            Set-SandboxTask $sandbox $odd
            Get-V2024TaskStatus dd01 -Raw | Should -BeExactly $odd
            Get-V2024TaskStatusList -Raw | Should -BeExactly "[$odd]"
            Get-V2024PendingTasks -Raw | Should -BeOfType [string]
            (Get-V2024TaskStatus dd01 -Raw -WithHttpInfo).Response | Should -BeExactly $odd
        }
        It 'returns one text per page with -All' {
            Set-SandboxTask $sandbox (New-Row 30)
            $pages = @(Get-V2024PendingTasks -All -Limit 20 -Raw)
            $pages.Count | Should -Be 2
            ($pages | ConvertFrom-Json).id | Should -Be (1..30)
        }
        It 'returns nothing for 204, and does not change errors' {
            Add-SandboxResponse $sandbox 204 -Headers @()
            @(Get-V2024PendingTasks -Raw).Count | Should -Be 0
            { Get-V2024TaskStatus none -Raw } | Should -Throw -ErrorId 'NotFound,Get-V2024TaskStatus'
        }
        It 'is refused together with dates' {
            { Get-V2024TaskStatusList -Raw -After '2025-01-01' } |
                Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
    }

    Context '-After and -Before' {
        BeforeAll { $noon = ([datetime] '2025-01-01T12:00:00Z').ToUniversalTime() }
        BeforeEach { Set-SandboxTask $sandbox (New-Row 60) }
        It '-All stops reading after twenty tasks beyond the range' {
            Set-SandboxTask $sandbox (New-Row 200)
            $tasks = Get-V2024TaskStatusList -All -Limit 10 -After $noon.AddMinutes(-15) -WarningVariable warnings
            $tasks.id | Should -Be (1..15)
            $warnings | Should -BeNullOrEmpty
            $sent = (Get-SandboxRequest $sandbox).Sent
            # Pages begin five tasks after one another. Four more may have been requested ahead.
            $sent.Count | Should -BeIn (6..10)
            $sent.sorters | Select-Object -Unique | Should -Be '-created'
        }
        It '-After includes its instant, -Before excludes it' {
            (Get-V2024TaskStatusList -All -Limit 25 -Before $noon.AddMinutes(-50)).id | Should -Be (51..60)
            (Get-V2024TaskStatusList -All -After $noon.AddMinutes(-12) -Before $noon.AddMinutes(-10)).id |
                Should -Be '11', '12'
        }
        It 'local times are converted' {
            (Get-V2024TaskStatusList -All -After $noon.AddMinutes(-3).ToLocalTime()).id | Should -Be '1', '2', '3'
        }
        It 'sorted by created, reading stops after -Before' {
            Set-SandboxTask $sandbox (New-Row 200)
            (Get-V2024TaskStatusList -All -Limit 50 -Sorters created -Before $noon.AddMinutes(-195)).id |
                Should -Be '200', '199', '198', '197', '196'
            @(Get-SandboxRequest $sandbox).Count | Should -BeIn 1, 2
        }
        It 'without -All reads one page, and warns if there may be more' {
            $quiet = @{ WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
            (Get-V2024TaskStatusList -Limit 10 -After $noon.AddMinutes(-15) @quiet).Count | Should -Be 10
            $warnings.Message | Should -BeLike '*-All*'
            # A few tasks beyond the range may only be in another place.
            (Get-V2024TaskStatusList -Limit 34 -After $noon.AddMinutes(-15) @quiet).Count | Should -Be 15
            $warnings.Message | Should -BeLike '*-All*'
            (Get-V2024TaskStatusList -Limit 35 -After $noon.AddMinutes(-15) @quiet).Count | Should -Be 15
            $warnings | Should -BeNullOrEmpty
            @(Get-SandboxRequest $sandbox).Count | Should -Be 3
        }
        It 'a created in another form is read: <_>' -TestCases @(
            '"2025-01-01T11:30Z"', '"2025-01-01 11:30:00"', '"2025-01-01T11:30:00,000Z"', '"2025-01-01T12:30:00+0100"'
            '1735731000000', '1735731000000.0'
        ) {
            Set-SandboxTask $sandbox "{`"id`":`"x`",`"created`":$_}"
            $range = @{ After = $noon.AddMinutes(-30); Before = $noon.AddMinutes(-29) }
            (Get-V2024TaskStatusList -All @range).id | Should -Be 'x'
            Get-V2024TaskStatusList -All -After $noon.AddMinutes(-29) | Should -BeNullOrEmpty
        }
        It 'a task with a created that is not a date is returned, with one warning' {
            Set-SandboxTask $sandbox '{"id":"x","created":"soon"}', '{"id":"y","created":{}}', (New-Row 1)
            $tasks = Get-V2024TaskStatusList -All -Before $noon.AddYears(-1) -WarningVariable warnings 3>$null
            $tasks.id | Should -Be 'x', 'y'
            $warnings.Message | Should -Be 'A task is returned although its created is not a date: soon'
        }
        It 'a task without a date is returned, with one warning' {
            Set-SandboxTask $sandbox '{"id":"x","created":null}', '{"id":"y"}'
            $tasks = Get-V2024TaskStatusList -All -Before $noon -WarningVariable warnings 3>$null
            $tasks.id | Should -Be 'x', 'y'
            $warnings.Message | Should -Be 'A task is returned although its created is not a date: null'
        }
    }
}
