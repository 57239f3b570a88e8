# The filters that parameters build, and tab completion for the parameters.
Describe 'Filters by parameter' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        function Get-Offer { param([string] $Line) (TabExpansion2 $Line $Line.Length).CompletionMatches }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox }

    It 'sends <Filter>' -TestCases @(
        @{ Given = @{ CompletionStatus = 'ERROR' }; Filter = 'completionStatus eq "ERROR"' }
        @{ Given = @{ CompletionStatus = 'ERROR', 'TEMPERROR' }; Filter = 'completionStatus in ("ERROR","TEMPERROR")' }
        @{ Given = @{ SourceId = 'a"b\c' }; Filter = 'sourceId eq "a\"b\\c"' }
        @{
            Given = @{
                Type = 'CLOUD_ACCOUNT_AGGREGATION', 'CLOUD_GROUP_AGGREGATION'
                SourceId = 'x'
                CompletionStatus = 'SUCCESS'
            }
            Filter = 'completionStatus eq "SUCCESS" and sourceId eq "x" and ' +
                'type in ("CLOUD_ACCOUNT_AGGREGATION","CLOUD_GROUP_AGGREGATION")'
        }
        @{ Given = @{ SourceId = [pscustomobject]@{ id = 'x'; name = 'HR' }, 'y' }; Filter = 'sourceId in ("x","y")' }
        @{
            Given = @{ Filters = 'id in ("a","b")'; CompletionStatus = 'ERROR' }
            Filter = 'id in ("a","b") and completionStatus eq "ERROR"'
        }
        @{ Given = @{ Filters = 'completionStatus eq"ERROR"' }; Filter = 'completionStatus eq"ERROR"' }
        @{ Given = @{ Filters = 'id eq "a&b+c#%"' }; Filter = 'id eq "a&b+c#%"' }
    ) {
        $null = Get-V2024TaskStatusList @Given
        (Get-SandboxRequest $sandbox).Sent.filters | Should -BeExactly $Filter
    }
    It 'only matching tasks come back, also with -All' {
        $tasks = Get-V2024TaskStatusList -CompletionStatus ERROR, WARNING -All -Limit 10
        $tasks.completionStatus | Sort-Object -Unique | Should -Be 'ERROR', 'WARNING'
        $source = $tasks.Where{ $_.psobject.Properties['target']?.Value }[0].target.id
        (Get-V2024TaskStatusList -SourceId $source -CompletionStatus ERROR, WARNING).target.id | Select-Object -Unique |
            Should -Be $source
    }
    It '-SourceId takes a task''s target' {
        $target = (Get-V2024TaskStatusList).Where{ $_.psobject.Properties['target']?.Value }[0].target
        (Get-V2024TaskStatusList -SourceId $target).target.id | Select-Object -Unique | Should -Be $target.id
    }
    It 'refuses an empty range' {
        $message = '-After (2025-01-02 00:00:00Z) must be earlier than -Before (2025-01-01 00:00:00Z)'
        { Get-V2024TaskStatusList -After '2025-01-02Z' -Before '2025-01-01Z' } |
            Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList' -ExpectedMessage $message
        Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
    }
    It 'refuses an empty value' {
        { Get-V2024TaskStatusList -CompletionStatus '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
    }
    It 'Tab offers <Offer> after <Line>' -TestCases @(
        @{
            Line = 'Get-V2024TaskStatusList -CompletionStatus '
            Offer = 'ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING'
        }
        @{ Line = 'Get-V2024TaskStatusList -CompletionStatus ERROR,te'; Offer = 'TEMPERROR', 'TERMINATED' }
        @{ Line = 'Complete-V2024PendingTask -CompletionStatus e'; Offer = 'ERROR' }
        @{
            Line = 'Complete-V2024PendingTask -CompletionStatus '
            Offer = 'ERROR', 'SUCCESS', 'TEMPERROR', 'TERMINATED', 'WARNING'
        }
        @{ Line = 'Get-V2024TaskStatusList -Type cloud_acc'; Offer = 'CLOUD_ACCOUNT_AGGREGATION' }
        @{ Line = 'Set-DefaultConfiguration -ApiVersion v202'; Offer = 'v2024', 'v2025', 'v2026' }
        @{ Line = 'Get-V2024TaskStatusList -Sorters '; Offer = "'-created'", 'created' }
    ) {
        (Get-Offer $Line).CompletionText | Should -Be $Offer
    }
    It '-SourceId takes a source, a task or a hashtable: <Kind>' -TestCases @(
        @{ Kind = 'a target'; Given = { $task.target } }
        @{ Kind = 'a task'; Given = { $task } }
        @{ Kind = 'a hashtable'; Given = { @{ Id = $task.target.id } } }
        @{ Kind = 'an ordered dictionary'; Given = { [ordered] @{ id = $task.target.id } } }
        @{ Kind = 'a guid'; Given = { [guid] '00000000-0000-0000-0000-000000000001' } }
    ) {
        $task = (Get-V2024TaskStatusList).Where({ $_.target }, 'First')[0]
        Reset-Sandbox $sandbox
        $null = Get-V2024TaskStatusList -SourceId (& $Given)
        $id = $Kind -eq 'a guid' ? '00000000-0000-0000-0000-000000000001' : $task.target.id
        (Get-SandboxRequest $sandbox).Sent.filters | Should -Be "sourceId eq `"$id`""
    }
    It '-SourceId refuses <Kind> before any request' -TestCases @(
        @{ Kind = 'a task without a source'; Given = [pscustomobject]@{ id = 'x'; target = $null } }
        @{ Kind = 'an object without an id'; Given = @{ name = 'HR' } }
        @{ Kind = 'a blank'; Given = " `r" }
    ) {
        { Get-V2024TaskStatusList -SourceId $Given } | Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList'
        Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
    }
    It 'blanks and line ends around a value are no part of it' {
        $null = Get-V2024TaskStatusList -SourceId "x`r", ' y ' -CompletionStatus "ERROR`r"
        (Get-SandboxRequest $sandbox).Sent.filters |
            Should -BeExactly 'completionStatus eq "ERROR" and sourceId in ("x","y")'
    }
    It 'a value that no task has gives one warning if nothing matched' {
        $given = @{ WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
        1, 2 | Get-V2024TaskStatusList -CompletionStatus EROR @given | Should -BeNullOrEmpty
        $warnings | Should -Be ('No task was found, and -CompletionStatus ''EROR'' is not one of the known values: ' +
            'ERROR, SUCCESS, TEMPERROR, TERMINATED, WARNING')
        Get-V2024TaskStatusList -CompletionStatus pending @given | Should -BeNullOrEmpty
        $warnings | Should -Be ('No task was found, and -CompletionStatus ''pending'' is not one of the known ' +
            'values: ERROR, SUCCESS, TEMPERROR, TERMINATED, WARNING. Get-V2024PendingTasks lists pending tasks')
        Add-SandboxResponse $sandbox 200 -Body '[]'
        Get-V2024TaskStatusList -Type CLOUD_ACOUNT_AGGREGATION @given | Should -BeNullOrEmpty
        $warnings | Should -BeLike 'No task was found, and -Type ''CLOUD_ACOUNT_AGGREGATION''*CLOUD_REFRESH_ROLE*'
        $null = Get-V2024TaskStatusList -CompletionStatus EROR, ERROR @given
        $warnings | Should -BeNullOrEmpty
        Add-SandboxResponse $sandbox 200 -Body '[]'
        Get-V2024TaskStatusList -CompletionStatus error -SourceId none @given | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }
    It '-After and -Before take a [datetimeoffset]' {
        $rows = 1..9 | ForEach-Object { "{`"id`":`"$_`",`"created`":`"2025-01-0${_}T12:00:00Z`"}" }
        Set-SandboxTask $sandbox $rows
        try {
            $after = [DateTimeOffset]::new(2025, 1, 3, 14, 0, 0, [timespan]::FromHours(2))
            (Get-V2024TaskStatusList -After $after -Before $after.AddDays(2) -All).id | Should -Be '4', '3'
            (Get-V2024TaskStatusList -After $after.UtcDateTime -Before '2025-01-05T12:00:00Z' -All).id |
                Should -Be '4', '3'
        }
        finally { Reset-Sandbox $sandbox -Tasks }
        { Get-V2024TaskStatusList -After yesterday } |
            Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList' -ExpectedMessage '*not a date: yesterday.*'
        foreach ($number in 20250102, 1, 2.5, 20250102L) {
            { Get-V2024TaskStatusList -After $number } |
                Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList' `
                    -ExpectedMessage "*not a date: $number.*"
            { Complete-V2024PendingTask x -Completed $number -Confirm:$false } |
                Should -Throw -ErrorId 'InvalidArgument,Complete-V2024PendingTask'
        }
        { Get-V2024TaskStatusList -After $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
    It 'C66: a task whose created has an unusual form, or none, is in a range of dates' {
        Set-SandboxTask $sandbox @(
            '{"id":"short","created":"2024-03-01T04:05Z"}', '{"id":"blank","created":"2024-03-01 04:05:06"}'
            '{"id":"number","created":1709265906000}', '{"id":"odd","created":"March"}', '{"id":"null","created":null}'
            '{"id":"none"}', '{"id":"names","":1,"created":"2024-03-01T04:05:06Z"}'
        )
        try {
            $given = @{ WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
            (Get-V2024TaskStatusList -After '2024-02-29Z' @given).ForEach{ $_.id } | Sort-Object |
                Should -Be 'blank', 'names', 'none', 'null', 'number', 'odd', 'short'
            $warnings | Should -BeLike 'A task is returned although its created is not a date: *'
        }
        finally { Reset-Sandbox $sandbox -Tasks }
    }
    It 'a range of dates has every task of a page, in whatever order the tenant puts them' {
        $created = '"2025-01-03Z"', '"2025-01-01Z"', '"2025-01-04Z"', '"soon"', '1735948800000', '"2024-12-31Z"'
        $ids = 0..5
        $body = '[' + ($ids.ForEach{ "{`"id`":`"$_`",`"created`":$($created[$_])}" } -join ',') + ']'
        Reset-Sandbox $sandbox
        $headers = @('content-type', 'application/json'), @('x-total-count', '6')
        Add-SandboxResponse $sandbox -Status 200 -Body $body -Operation list -Headers $headers
        $given = @{ WarningAction = 'SilentlyContinue' }
        (Get-V2024TaskStatusList -After '2025-01-02Z' -All @given).id | Should -Be '0', '2', '3', '4'
    }
    It 'Tab sends nothing if a setting comes from config.json in the current folder' {
        $file = @{
            BaseUrl = $sandbox.BaseUrl; ClientId = $sandbox.ClientId; ClientSecret = $sandbox.ClientSecret
        } | ConvertTo-Json
        Set-Content TestDrive:/config.json $file
        Push-Location TestDrive:/
        try {
            Remove-Item Env:SAIL_*
            @(Get-V2024PendingTasks).Count | Should -Be 20
            Reset-Sandbox $sandbox
            (Get-Offer 'Get-V2024TaskStatus -Id ').ResultType | Should -Not -Contain 'ParameterValue'
            (Get-Offer 'Get-V2024TaskStatusList -SourceId ').ResultType | Should -Not -Contain 'ParameterValue'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        finally {
            Pop-Location
            Use-Sandbox $sandbox
        }
    }
    It 'Tab works for a module inside another one' {
        Set-Content TestDrive:/Outer.psm1 @"
Import-Module '$env:V2024_TEST_MODULE'
Export-ModuleMember Get-V2024TaskStatus
"@
        $run = Invoke-Child -Prelude "Import-Module '$TestDrive/Outer.psm1'" @'
$line = 'Get-V2024TaskStatus -Id '
(TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
'@
        $run.Output -split "`n" | Should -Be (Get-V2024PendingTasks).id
    }
    It 'Tab offers the sources of recent tasks by name' {
        $tasks = Get-V2024TaskStatusList -Limit 250 -Sorters '-created'
        $targets = $tasks.Where{ $_.psobject.Properties['target']?.Value }.target
        $offers = Get-Offer 'Get-V2024TaskStatusList -SourceId '
        $offers.ListItemText | Should -Be ($targets.name | Sort-Object -Unique)
        foreach ($offer in $offers) {
            $targets.Where{ $_.name -eq $offer.ListItemText }.id | Select-Object -Unique |
                Should -Be $offer.CompletionText
        }
        (Get-Offer 'Get-V2024TaskStatusList -SourceId work').ListItemText | Should -Be 'Workday 東京 [source]'
    }
    It 'Tab offers the pending tasks by name after <Line>' -TestCases @(
        @{ Line = 'Get-V2024TaskStatus -Id ' }, @{ Line = 'Update-V2024TaskStatus -Id ' }
        @{ Line = 'Complete-V2024PendingTask -Id ' }, @{ Line = 'Wait-V2024TaskStatus -Id ' }
    ) {
        $pending = Get-V2024PendingTasks
        $offers = Get-Offer $Line
        $offers.CompletionText | Should -Be $pending.id
        $offers.ListItemText | Should -Be $pending.uniqueName
        (Get-Offer "$Line$($pending[0].id.Substring(0, 12))").CompletionText | Should -Be $pending[0].id
    }
    It 'Tab offers nothing, and does not fail, if <What>' -TestCases @(
        @{ What = 'the tenant refuses the request'; Prepare = { Add-SandboxResponse $sandbox 403 -Body '{}' -Times 0 } }
        @{ What = 'the tenant does not respond'; Prepare = { Add-SandboxFault $sandbox 'hang' -More @{ times = 0 } } }
        @{ What = 'a setting is missing'; Prepare = { Remove-Item Env:SAIL_CLIENT_ID } }
    ) {
        & $Prepare
        try {
            InModuleScope V2024TaskManagement {
                & { [CmdletBinding()] param() $script:Session.OfferSources($PSCmdlet, '') }
                & { [CmdletBinding()] param() $script:Session.OfferTasks($PSCmdlet, '') }
            } | Should -BeNullOrEmpty
        }
        finally { Use-Sandbox $sandbox }
    }
}
