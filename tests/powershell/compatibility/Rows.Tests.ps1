# Compatibility with the documented SDK: what behaves exactly the same, and what is better.
Describe 'Compatibility' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox -Arguments '--tasks', '400', '--pending', '20', '--progress', '0'
        function Get-Caught { param([scriptblock] $Script) try { $null = & $Script } catch { return $_ } }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox -Tasks
        Set-DefaultConfiguration -MaximumRetryCount $null -RetryIntervalSeconds 0
    }

    Context 'same' {
        It 'the hashtable of -WithHttpInfo, with headers in any case, and arrays of strings' {
            $r = Get-V2024TaskStatusList -Count $true -Limit 1 -WithHttpInfo
            ($r -is [hashtable]), ($r.Headers['X-Total-Count'] -is [string[]]), $r.Headers['x-TOTAL-count'][0] |
                Should -Be $true, $true, '400'
        }
        It 'the terminating exception, its status, and the body as ErrorDetails' {
            $caught = Get-Caught { Get-V2024TaskStatus gone }
            $caught.Exception | Should -BeOfType [Microsoft.PowerShell.Commands.HttpResponseException]
            $caught.Exception.Response.StatusCode.value__ | Should -Be 404
            ("$($caught.ErrorDetails)" | ConvertFrom-Json).trackingId | Should -Match '^[0-9a-f]{32}$'
        }
        It 'UTC dates, the tenant''s order, an integer percentComplete, and the same instants in JSON' {
            $tasks = Get-V2024TaskStatusList -Limit 20
            $sent = (Invoke-WebRequest "$($sandbox.BaseUrl)/sandbox/tasks").Content | ConvertFrom-Json
            $tasks.id | Should -Be ($sent | Sort-Object created -Descending | Select-Object -First 20).id
            $tasks.created.Kind | Select-Object -Unique | Should -Be 'Utc'
            $tasks.percentComplete | Should -BeOfType [long]
            $back = $tasks | ConvertTo-Json -Depth 10 | ConvertFrom-Json
            $back.created | Should -Be ($sent | Sort-Object created -Descending | Select-Object -First 20).created
        }
        It 'a number is the offset of the pending cmdlets; an object binds every parameter by name' {
            @(19 | Get-V2024PendingTasks).Count | Should -Be 1
            @([pscustomobject]@{ limit = 2; offset = 4; count = $true } | Get-V2024TaskStatusList).Count | Should -Be 2
        }
        It 'a value may be <_>' -TestCases 'text', 5, $true, $null {
            Add-SandboxResponse $sandbox 200 -Body '{"id":"x"}' -Operation update
            $null = Update-V2024TaskStatus x (Initialize-V2024JsonPatchOperation replace /a $_)
            ((Get-SandboxRequest $sandbox).body | ConvertFrom-Json -NoEnumerate)[0].value | Should -Be $_
        }
    }

    Context 'better' {
        It 'Format-Table, Export-Csv with nulls, pending tasks as input of an update, Count of one and of none' {
            $task = Get-V2024PendingTasks -Limit 1
            $task | Format-Table id, created | Out-String | Should -BeLike "*$($task.id)*"
            ($task | ConvertTo-Csv)[1] | Should -BeLike "`"$($task.id)`"*"
            $patch = @{ op = 'replace'; path = '/description'; value = 'piped' }
            ($task | Update-V2024TaskStatus -JsonPatchOperation $patch).description | Should -Be 'piped'
            $task.ID, $task.Count | Should -Be $task.id, 1
            $null -eq (Get-V2024TaskStatusList -Filters 'id eq "none"') | Should -BeTrue
        }
        It 'a 404 is reported after one request, and a PATCH is not retried after a 500' {
            $null = Get-Caught { Get-V2024TaskStatus gone }
            Add-SandboxResponse $sandbox 500 -Operation update -Times 0
            $null = Get-Caught { Update-V2024TaskStatus x '{"op":"remove","path":"/a"}' }
            (Get-SandboxRequest $sandbox).method | Should -Be 'GET', 'PATCH'
        }
        It 'a refused connection names the address' {
            $env:SAIL_BASE_URL = 'http://127.0.0.1:9'
            Set-DefaultConfiguration -MaximumRetryCount 0
            try { (Get-Caught { Get-V2024TaskStatus x }).Exception.Message | Should -BeLike '*127.0.0.1:9*' }
            finally { Use-Sandbox $sandbox }
        }
        It 'a wrong secret is one error, and missing settings are named with their sources' {
            $env:SAIL_CLIENT_SECRET = 'wrong'
            try {
                (Get-Caught { Get-V2024TaskStatus x }).Exception.Message | Should -BeLike 'invalid client credentials*'
            }
            finally { Use-Sandbox $sandbox }
            @(Get-SandboxRequest $sandbox -All).Count | Should -Be 1
            Remove-Item Env:SAIL_*
            $saved = $env:HOME
            $env:HOME = "$TestDrive"
            try {
                (Get-Caught { Get-V2024TaskStatus x }).Exception.Message |
                    Should -BeLike '*BaseUrl*SAIL_BASE_URL*config.json*'
            }
            finally { $env:HOME = $saved; Use-Sandbox $sandbox }
        }
        It 'a token is fetched once for many calls' {
            $tenant = Start-Sandbox
            try { foreach ($i in 1..5) { $null = Get-V2024PendingTasks -Limit 1 } } finally { Use-Sandbox $sandbox }
            (Get-SandboxRequest $tenant -All).operation |
                Should -Be 'token', 'pending', 'pending', 'pending', 'pending', 'pending'
        }
        It '-Limit 0, -Offset 0 and -Count $false are sent' {
            @(Get-V2024TaskStatusList -Limit 0 -Count $true).Count | Should -Be 0
            $null = Get-V2024TaskStatusList -Offset 0 -Count $false
            (Get-SandboxRequest $sandbox).query | Should -Be 'limit=0&count=true', 'offset=0&count=false'
        }
        It 'the headers cmdlet returns the total' {
            (Get-V2024PendingTaskHeaders -Count $true).TotalCount | Should -Be 20
        }
        It 'limits, ids and operations are checked before any request' {
            foreach ($call in @(
                    { Get-V2024TaskStatusList -Limit 251 }, { Get-V2024PendingTasks -Offset -1 }
                    { Get-V2024TaskStatus ' ' }, { Get-V2024TaskStatus '..' }
                    { Update-V2024TaskStatus x @{ op = 'bad'; path = '/a' } })) {
                (Get-Caught $call).FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*' -Because "$call"
            }
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'an id is one percent-encoded path segment' {
            $null = Get-Caught { Get-V2024TaskStatus 'a b/c' }
            (Get-SandboxRequest $sandbox).path | Should -Be '/v2024/task-status/a%20b%2Fc'
        }
        It 'the helpers accept arrays, unknown members, 0, empty values and JSON text; remove has no value' {
            $json = '[{"op":"remove","path":"/a","x":1},{"op":"remove","path":"/b"}]'
            @(ConvertFrom-V2024JsonToJsonPatchOperation $json).Count | Should -Be 2
            (ConvertFrom-V2024JsonToTaskStatus '{"id":"a","unknown":1}').unknown | Should -Be 1
            (Initialize-V2024TaskStatus -PercentComplete 0 -Messages @()).percentComplete | Should -Be 0
            (Initialize-V2024JsonPatchOperation remove /a).psobject.Properties.Name | Should -Be 'op', 'path'
            Add-SandboxResponse $sandbox 200 -Body '{"id":"x"}' -Operation update
            $null = Update-V2024TaskStatus x '[{"op":"remove","path":"/a"}]'
            (Get-SandboxRequest $sandbox).body | Should -BeExactly '[{"op":"remove","path":"/a"}]'
        }
        It 'Invoke-Paginate returns exactly -Limit items, and warns if there are more' {
            $quiet = @{ WarningVariable = 'warned'; WarningAction = 'SilentlyContinue' }
            @(Invoke-Paginate Get-V2024TaskStatusList -Limit 300 @quiet).Count | Should -Be 300
            $warned.Count | Should -Be 1
            @(Invoke-Paginate Get-V2024TaskStatusList -Increment 100).Count | Should -Be 400
        }
        It 'all settings have an effect, and secrets are masked' {
            Set-DefaultConfiguration -MaximumRetryCount 0 -Token 'a-token' -ClientId 'an-id'
            try {
                $configuration = Get-DefaultConfiguration
                $configuration.MaximumRetryCount, $configuration.ClientId | Should -Be 0, 'an-id'
                $configuration.Token, $configuration.ClientSecret | Should -Be '********', '********'
                $null = Get-Caught { Get-V2024TaskStatus x }
                (Get-SandboxRequest $sandbox -All)[0].operation | Should -Be 'get'
            }
            finally { Set-DefaultConfiguration -Token '' -ClientId '' }
        }
        It 'an error points at the caller''s line' {
            $caught = Get-Caught { Get-V2024TaskStatus gone }
            $caught.InvocationInfo.ScriptName, $caught.InvocationInfo.MyCommand.Name |
                Should -Be $PSCommandPath, 'Get-V2024TaskStatus'
        }
        It 'Id is mandatory' {
            (Invoke-Child 'Get-V2024TaskStatus').Errors | Should -BeLike '*mandatory*parameters: Id*'
        }
    }
}
