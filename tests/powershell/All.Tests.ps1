# -All: every page, returned as it arrives.
Describe '-All' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        # The requests for pages. The progress bar's request for the total has the limit 0 and is left out.
        function Get-PageRequest { Get-SandboxRequest $sandbox | Where-Object { $_.Sent['limit'] -ne '0' } }
        function New-Rows {
            param([int] $Count)
            if (-not $Count) { return }
            1..$Count | ForEach-Object {
                $created = '2025-01-01T00:{0:00}:{1:00}.000Z' -f [Math]::Floor($_ / 60 % 60), ($_ % 60)
                "{`"id`":`"$_`",`"completionStatus`":null,`"created`":`"$created`"}"
            }
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'lists every task once, in order; -Limit is the size of a page' {
        $filter = 'completionStatus in ("SUCCESS","ERROR","WARNING","TERMINATED","TEMPERROR")'
        $tasks = Get-V2024TaskStatusList -All -Limit 90 -Filters $filter
        $tasks.Count | Should -Be 380
        @($tasks.id | Select-Object -Unique).Count | Should -Be 380
        @(Get-PageRequest).ForEach{ $_.Sent.limit } | Select-Object -Unique | Should -Be '90'
        @(Get-V2024PendingTasks -All -Limit 7).Count | Should -Be 20
    }
    It 'C08: returns <Count> objects for <Count> rows, and no $null' -TestCases @(
        @{ Count = 251 }, @{ Count = 0 }, @{ Count = 250 }
    ) {
        Set-SandboxTask $sandbox @(New-Rows $Count)
        $tasks = @(Get-V2024PendingTasks -All)
        $tasks.Count | Should -Be $Count
        @($tasks.Where{ $null -eq $_ }).Count | Should -Be 0
    }
    It 'C08: returns no object for 204' {
        Add-SandboxResponse $sandbox 204 -Headers @() -Times 0
        @(Get-V2024PendingTasks -All).Count | Should -Be 0
    }
    It 'C07: a 400 for an offset past the end ends the listing' {
        Set-SandboxTask $sandbox (New-Rows 250)
        Set-SandboxRule $sandbox '{"offset_error":true}'
        try { @(Get-V2024PendingTasks -All).Count | Should -Be 250 }
        finally {
            Set-SandboxRule $sandbox '{"offset_error":false}'
        }
    }
    It 'C10: Select-Object -First stops after one page, two at most, without an error' {
        Set-SandboxTask $sandbox (New-Rows 2500)
        $first = Get-V2024PendingTasks -All -ErrorVariable errors | Select-Object -First 1
        @($first).Count | Should -Be 1
        $errors | Should -BeNullOrEmpty
        @(Get-PageRequest).Count | Should -BeLessOrEqual 2
    }
    It 'stops reading when the caller throws an exception' {
        Set-SandboxTask $sandbox (New-Rows 2500)
        try { Get-V2024PendingTasks -All | ForEach-Object { throw [IO.FileNotFoundException]::new('x') } }
        catch [IO.FileNotFoundException] { $caught = $_ }
        $caught.Exception.Message | Should -Be 'x'
        @(Get-PageRequest).Count | Should -BeLessOrEqual 2
    }
    It 'C17: a token that expires in the middle is renewed once, and no page is lost or returned twice' {
        Set-SandboxTask $sandbox (New-Rows 600)
        $null = Get-V2024PendingTasks -Limit 1
        Reset-Sandbox $sandbox
        Add-SandboxFault $sandbox 'expire_tokens' -More @{ skip = 3 }
        $tasks = Get-V2024PendingTasks -All -Limit 100
        $tasks.Count, @($tasks.id | Select-Object -Unique).Count | Should -Be 600, 600
        @(Get-SandboxRequest $sandbox -All | Where-Object operation -EQ token).Count | Should -Be 1
    }
    It 'an error in the middle comes after the tasks before it' {
        Set-SandboxTask $sandbox (New-Rows 600)
        Set-DefaultConfiguration -MaximumRetryCount 0
        # A page that failed while it was read ahead is requested once more.
        Add-SandboxResponse $sandbox 500 -Body '{"detailCode":"500.0"}' -Skip 2 -Times 0
        $got = [Collections.Generic.List[object]]::new()
        try { Get-V2024PendingTasks -All -Limit 100 | ForEach-Object { $got.Add($_.id) } } catch { $caught = $_ }
        Set-DefaultConfiguration -MaximumRetryCount $null
        $got.Count | Should -BeGreaterThan 100
        $caught.FullyQualifiedErrorId | Should -Be 'ServerError,Get-V2024PendingTasks'
    }
    It 'C55: a total that is not a number fails neither the listing nor its progress bar: <_>' -TestCases @(
        'abc', '7, 8', '9999999999'
    ) {
        $rows = "[$((New-Rows 3) -join ',')]"
        $headers = @('content-type', 'application/json'), @('x-total-count', $_)
        $response = @{ status = 200; headers = $headers; body = $rows }
        Add-SandboxFault $sandbox @{ respond = $response } -Operation pending -More @{ times = 0; delay = 1100 }
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'").AddStatement()
            $found = $shell.AddScript('Get-V2024PendingTasks -All | Select-Object -First 3').Invoke()
            $found.id | Should -Be '1', '2', '3'
            $shell.Streams.Error | Should -BeNullOrEmpty
            $bar = $shell.Streams.Progress.Where({ $_.Activity -eq 'Listing pending tasks' }, 'First')[0]
            $bar.StatusDescription | Should -Be ($_ -eq '9999999999' ? '3 of 9999999999 tasks' : '3 tasks')
        }
        finally { $shell.Dispose() }
    }
    It '-WithHttpInfo returns one hashtable per page' {
        Set-SandboxTask $sandbox (New-Rows 150)
        $pages = @(Get-V2024PendingTasks -All -Limit 100 -WithHttpInfo)
        $pages.StatusCode | Select-Object -Unique | Should -Be 200
        @($pages.Response).Count | Should -Be 150
    }
}
