# Invoke-Paginate.
Describe 'Invoke-Paginate' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'returns every item once, in order, and no $null at the end' {
        $all = Invoke-Paginate -Function Get-V2024TaskStatusList -Increment 100
        $all.Count | Should -Be 400
        @($all -eq $null).Count | Should -Be 0
        @($all.id | Select-Object -Unique).Count | Should -Be 400
        $all[0..249].id | Should -Be (Get-V2024TaskStatusList).id
    }
    It '-Limit <Limit> returns at most <Limit> items, and warns if there are more' -TestCases @(
        @{ Limit = 300; Warnings = 1 }, @{ Limit = 10; Warnings = 1 }, @{ Limit = 400; Warnings = 0 }
        @{ Limit = 250; Warnings = 1 }, @{ Limit = 500; Warnings = 0 }, @{ Limit = 0; Warnings = 1 }
    ) {
        $quiet = @{ WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
        $some = @(Invoke-Paginate 'Get-V2024TaskStatusList' -Limit $Limit @quiet)
        $some.Count | Should -Be ([Math]::Min($Limit, 400))
        $warned.Count | Should -Be $Warnings
    }
    It 'passes on the parameters, and starts at -InitialOffset' {
        $parameters = @{ Sorters = 'created' }
        $some = Invoke-Paginate 'Get-V2024TaskStatusList' -InitialOffset 395 -Increment 3 -Parameters $parameters
        $some.Count | Should -Be 5
        $requests = @(Get-SandboxRequest $sandbox)
        $requests.ForEach{ $_.Sent.offset } | Should -Be '395', '398'
        $requests.ForEach{ $_.Sent.sorters } | Should -Be 'created', 'created'
    }
    It '<What> does not end it at a short page' -TestCases @(
        @{ What = '-After and -Before'; Options = { @{ After = $all[250].created; Before = $all[199].created } } }
        @{ What = '-After'; Options = { @{ After = $all[250].created } } }
        @{ What = '-Before'; Options = { @{ Before = $all[199].created } } }
    ) {
        $all = Get-V2024TaskStatusList -All -Sorters '-created'
        Reset-Sandbox $sandbox
        $dates = & $Options
        # No page warns that it is only one: a warning would be among the tasks.
        $some = Invoke-Paginate Get-V2024TaskStatusList -Increment 50 -Parameters $dates 3>&1
        $some.id | Should -Be (Get-V2024TaskStatusList -All @dates).id
        $some.Count | Should -BeGreaterThan 40
    }
    It 'ends soon after a range of dates, with small pages too' {
        $after = (Get-V2024TaskStatusList)[12].created
        Reset-Sandbox $sandbox
        (Invoke-Paginate Get-V2024TaskStatusList -Increment 10 -Parameters @{ After = $after }).Count | Should -Be 13
        # The second page has tasks of the range and others, the third one only others.
        (Get-SandboxRequest $sandbox).ForEach{ $_.Sent.offset } | Should -Be '0', '10', '20'
    }
    It '-Raw returns one text per page, up to the limit' {
        $pages = @(Invoke-Paginate Get-V2024TaskStatusList -Increment 150 -Limit 350 -Parameters @{ Raw = $true })
        $pages.ForEach{ @($_ | ConvertFrom-Json).Count } | Should -Be 150, 150, 50
    }
    It '-WithHttpInfo returns the pages before a failure, with -ErrorAction SilentlyContinue' {
        Set-DefaultConfiguration -MaximumRetryCount 0
        Add-SandboxResponse $sandbox 500 -Body '{"detailCode":"500.0"}' -Skip 1
        $options = @{ Increment = 100; WithHttpInfo = $true; ErrorAction = 'SilentlyContinue' }
        $result = Invoke-Paginate Get-V2024TaskStatusList @options -ErrorVariable records
        $result.Response.Count, @($records).Count | Should -Be 100, 1
    }
    It '-WithHttpInfo returns all items with the last status and headers' {
        $result = Invoke-Paginate 'Get-V2024PendingTasks' -Increment 7 -Parameters @{ Count = $true } -WithHttpInfo
        $result.Response.Count, $result.StatusCode | Should -Be 20, 200
        $result.Headers['X-Total-Count'] | Should -Be '20'
    }
    It 'an empty list returns nothing, and a list with one item returns it' {
        @(Invoke-Paginate 'Get-V2024TaskStatusList' -Parameters @{ Filters = 'id eq "none"' }).Count | Should -Be 0
        $filter = "id eq `"$((Get-V2024TaskStatusList -Limit 1).id)`""
        @(Invoke-Paginate 'Get-V2024TaskStatusList' -Parameters @{ Filters = $filter }).Count | Should -Be 1
    }
    It 'a failing page is an error at the caller''s line, after the items before it' {
        Set-DefaultConfiguration -MaximumRetryCount 0
        Add-SandboxResponse $sandbox 500 -Body '{"detailCode":"500.0"}' -Skip 1
        $got = [Collections.Generic.List[object]]::new()
        try { Invoke-Paginate 'Get-V2024TaskStatusList' -Increment 100 | ForEach-Object { $got.Add($_) } }
        catch { $caught = $_ }
        $got.Count | Should -Be 100
        $caught.FullyQualifiedErrorId | Should -BeLike 'ServerError,*'
        $caught.Exception.Response.StatusCode.value__ | Should -Be 500
        $caught.InvocationInfo.ScriptName | Should -Be $PSCommandPath
    }
    It 'the warning follows the caller''s preference' {
        $WarningPreference = 'SilentlyContinue'
        @(Invoke-Paginate 'Get-V2024TaskStatusList' -Limit 1 3>&1).ForEach{ $_.GetType().Name } |
            Should -Be 'PSCustomObject'
        $WarningPreference = 'Continue'
        @(Invoke-Paginate 'Get-V2024TaskStatusList' -Limit 1 3>&1).ForEach{ $_.GetType().Name } |
            Should -Be 'PSCustomObject', 'WarningRecord'
    }
    It 'passes through an exception of the caller''s pipeline, with any -ErrorAction' {
        {
            Invoke-Paginate 'Get-V2024TaskStatusList' -ErrorAction SilentlyContinue |
                ForEach-Object { throw [IO.FileNotFoundException]::new('x') }
        } | Should -Throw -ExceptionType ([IO.FileNotFoundException])
        @(Get-SandboxRequest $sandbox).Count | Should -Be 1
    }
    It 'an unknown command is an error' {
        $caught = try { Invoke-Paginate 'Get-Nothing' } catch { $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'CommandNotFound,Invoke-Paginate'
        $caught.Exception | Should -BeOfType [Management.Automation.CommandNotFoundException]
        $caught.Exception.Message | Should -BeExactly "-Function is 'Get-Nothing', and there is no command of this name"
    }
    It 'works with a function of the caller' {
        function Get-Number {
            param($Limit, $Offset, [switch] $WithHttpInfo)
            $null = $WithHttpInfo
            @{ Response = @(0..24 | Select-Object -Skip $Offset -First $Limit) }
        }
        Invoke-Paginate 'Get-Number' -Increment 10 | Should -Be (0..24)
    }
    It 'sends no further request once the pipeline has enough' {
        @(Invoke-Paginate 'Get-V2024TaskStatusList' -Increment 50 | Select-Object -First 3).Count | Should -Be 3
        @(Get-SandboxRequest $sandbox).Count | Should -Be 1
    }
}
