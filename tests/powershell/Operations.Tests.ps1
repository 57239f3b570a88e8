# The five cmdlets: their requests and results.
Describe 'The five cmdlets' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    Context 'Get-V2024TaskStatus' {
        It 'gets one task with one request' {
            $id = (Get-V2024TaskStatusList -Limit 1).id
            Reset-Sandbox $sandbox
            $task = Get-V2024TaskStatus -Id $id
            $task.id | Should -Be $id
            $request = @(Get-SandboxRequest $sandbox)
            $request.Count | Should -Be 1
            $request.method, $request.path, $request.query | Should -Be 'GET', "/v2024/task-status/$id", $null
            $request.Header.authorization | Should -Be 'Bearer [redacted]'
        }
        It 'sends the id as one path segment: <id>' -TestCases @(
            @{ Id = 'a b'; Path = 'a%20b' }
            @{ Id = 'a/b'; Path = 'a%2Fb' }
            @{ Id = '50%'; Path = '50%25' }
            @{ Id = '例'; Path = '%E4%BE%8B' }
            @{ Id = 'a?b=1'; Path = 'a%3Fb%3D1' }, @{ Id = 'a#b'; Path = 'a%23b' }, @{ Id = 'a+b'; Path = 'a%2Bb' }
        ) {
            { Get-V2024TaskStatus -Id $Id } | Should -Throw -ErrorId 'NotFound,Get-V2024TaskStatus'
            (Get-SandboxRequest $sandbox).path | Should -Be "/v2024/task-status/$Path"
        }
        It 'refuses the id <_> before any request' -TestCases '.', '..' {
            { Get-V2024TaskStatus -Id $_ } |
                Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatus' -ExceptionType ([ArgumentException])
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'blanks and line ends around an id are no part of it' {
            $id = (Get-V2024TaskStatusList -Limit 1).id
            ("$id`r", " $id`r`n" | Get-V2024TaskStatus).id | Should -Be $id, $id
        }
        It 'a response that is not the task is an error, never another task: <_>' -TestCases @(
            '{"a":1}', 'null', '[]', '[{"id":"x"}]', '7', '{"id":"y"}'
        ) {
            Add-SandboxResponse $sandbox 200 -Body $_
            { Get-V2024TaskStatus x } | Should -Throw -ErrorId 'InvalidResponse,Get-V2024TaskStatus'
        }
        It 'a response to an update that has another task, or is none, is an error: <_>' -TestCases @(
            '[{"id":"x"}]', '7', '{"id":"y"}'
        ) {
            Add-SandboxResponse $sandbox 200 -Body $_ -Operation update
            $caught = try { Update-V2024TaskStatus x '{"op":"remove","path":"/a"}' } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidResponse,Update-V2024TaskStatus'
            $caught.ErrorDetails.RecommendedAction | Should -BeLike 'the update may have been made*'
        }
        It 'an update whose response has no task is a success, with what the tenant sent: <_>' -TestCases @(
            '{}', '{"a":1}', 'null', '[]'
        ) {
            Add-SandboxResponse $sandbox 200 -Body $_ -Operation update
            $result = Update-V2024TaskStatus x '{"op":"remove","path":"/a"}' -WithHttpInfo
            $result.StatusCode | Should -Be 200
            ConvertTo-Json $result.Response -Compress | Should -BeExactly $_
        }
        It 'takes one id' {
            { Get-V2024TaskStatus 'a', 'b' } | Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatus' `
                -ExpectedMessage '-Id was given several values, and takes one: pipe them instead'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It '-ErrorAction Inquire without a user is the tenant''s error' {
            foreach ($cmdlet in 'Get-V2024TaskStatus', 'Wait-V2024TaskStatus') {
                $run = Invoke-Child "try { $cmdlet none -ErrorAction Inquire } catch { `$_.FullyQualifiedErrorId }"
                $run.Output | Should -BeExactly "NotFound,$cmdlet"
                (Invoke-Child "$cmdlet none -ErrorAction Inquire; 'not reached'").ExitCode | Should -Be 1
            }
        }
        It 'refuses an empty id before any request' {
            { Get-V2024TaskStatus -Id '' } |
                Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatus'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
    }

    Context 'Get-V2024TaskStatusList' {
        It 'sends every given parameter unchanged' {
            $filter = 'completionStatus eq "ERROR"'
            $null = Get-V2024TaskStatusList -Limit 3 -Offset 2 -Count $true -Filters $filter -Sorters '-created'
            $request = Get-SandboxRequest $sandbox
            $request.path | Should -Be '/v2024/task-status'
            $request.parameters | ForEach-Object { $_ -join '=' } |
                Should -Be 'limit=3', 'offset=2', 'count=true', "filters=$filter", 'sorters=-created'
        }
        It 'sends no parameter that was not given or is $null' {
            $null = Get-V2024TaskStatusList
            $null = Get-V2024TaskStatusList -Limit $null -Count $null
            (Get-SandboxRequest $sandbox).query | Should -Be $null, $null
        }
        It 'sends 0 and $false' {
            Get-V2024TaskStatusList -Limit 0 -Offset 0 -Count $false | Should -BeNullOrEmpty
            (Get-SandboxRequest $sandbox).query | Should -Be 'limit=0&offset=0&count=false'
        }
        It 'keeps the tenant''s order' {
            $sent = (Invoke-RestMethod "$($sandbox.BaseUrl)/sandbox/tasks").id
            $got = (Get-V2024TaskStatusList -Limit 50).id
            $got | Should -Be $sent[0..49]
        }
        It 'takes parameters by position: Limit, Offset, Count, Filters, Sorters' {
            $filter = 'type eq "CLOUD_ACCOUNT_AGGREGATION"'
            $null = Get-V2024TaskStatusList 2 1 $false $filter 'created'
            (Get-SandboxRequest $sandbox).parameters | ForEach-Object { $_ -join '=' } |
                Should -Be 'limit=2', 'offset=1', 'count=false', "filters=$filter", 'sorters=created'
        }
        It 'refuses <_> before any request' -TestCases @{ Limit = 251 }, @{ Limit = -1 }, @{ Offset = -1 } {
            $given = $_
            { Get-V2024TaskStatusList @given } |
                Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatusList' -ExceptionType ([ArgumentException])
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
    }

    Context 'Get-V2024PendingTasks' {
        It 'lists the pending tasks' {
            $tasks = @(Get-V2024PendingTasks)
            $tasks.Count | Should -Be 20
            $tasks.completionStatus | Should -Be (, $null * 20)
            (Get-SandboxRequest $sandbox).path | Should -Be '/v2024/task-status/pending-tasks'
        }
        It 'takes parameters by position: Offset, Limit, Count' {
            @(Get-V2024PendingTasks 18 5 $true).Count | Should -Be 2
            $sent = (Get-SandboxRequest $sandbox).Sent
            $sent.offset, $sent.limit, $sent.count | Should -Be '18', '5', 'true'
        }
        It 'returns nothing for 204' {
            Add-SandboxResponse $sandbox 204 -Headers @()
            @(Get-V2024PendingTasks).Count | Should -Be 0
        }
    }

    Context 'Get-V2024PendingTaskHeaders' {
        It 'C55: X-Total-Count <Sent> is <Total>, or empty with a warning' -TestCases @(
            @{ Sent = '7'; Total = 7 }
            @{ Sent = '2147483648'; Total = 2147483648 }
            @{ Sent = '9999999999'; Total = 9999999999 }
            @{ Sent = '7, 7'; Total = 7 }
            @{ Sent = '7, 8'; Total = $null }
            @{ Sent = 'abc'; Total = $null }
            @{ Sent = ''; Total = $null }
        ) {
            Add-SandboxResponse $sandbox 200 -Headers @(, @('x-total-count', $Sent))
            $result = Get-V2024PendingTaskHeaders -Count $true -WarningVariable warnings -WarningAction SilentlyContinue
            $result.TotalCount | Should -Be $Total
            if ($null -ne $Total) { $result.TotalCount.GetType() | Should -Be $Total.GetType() }
            $message = "TotalCount is empty, because the tenant's X-Total-Count is not a number: '$Sent'"
            @($warnings).ForEach('Message') | Should -Be @($message).Where{ $null -eq $Total }
        }
        It 'warns if the total was asked for and did not come' {
            Set-SandboxRule $sandbox '{"no_total":true}'
            try {
                $given = @{ WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
                (Get-V2024PendingTaskHeaders -Count $true @given).TotalCount | Should -Be $null
                $warnings | Should -Be 'TotalCount is empty, because the tenant did not send X-Total-Count'
                $null = Get-V2024PendingTaskHeaders @given
                $warnings | Should -BeNullOrEmpty
            }
            finally { Set-SandboxRule $sandbox '{"no_total":false}' }
        }
        It 'returns the total and the headers, from a HEAD request' {
            $result = Get-V2024PendingTaskHeaders -Count $true
            $result.TotalCount | Should -Be 20
            $result.TotalCount | Should -BeOfType [int]
            $result.StatusCode | Should -Be 200
            $result.Headers['X-Total-Count'] | Should -Be '20'
            $request = Get-SandboxRequest $sandbox
            $request.method, $request.path, $request.query |
                Should -Be 'HEAD', '/v2024/task-status/pending-tasks', 'count=true'
        }
        It 'has no total if none was requested' {
            (Get-V2024PendingTaskHeaders 0 5 $false).TotalCount | Should -Be $null
            (Get-SandboxRequest $sandbox).Sent.limit | Should -Be '5'
        }
    }

    Context 'Update-V2024TaskStatus' {
        It 'sends the patch and returns the changed task' {
            $id = (Get-V2024PendingTasks -Limit 1).id
            Reset-Sandbox $sandbox
            $patch = @{ op = 'replace'; path = '/completionStatus'; value = 'ERROR' }
            $task = Update-V2024TaskStatus -Id $id -JsonPatchOperation $patch
            $task.completionStatus | Should -Be 'ERROR'
            $request = Get-SandboxRequest $sandbox
            $request.method, $request.path | Should -Be 'PATCH', "/v2024/task-status/$id"
            $request.Header['content-type'] | Should -Be 'application/json-patch+json'
            $request.body | Should -Be '[{"op":"replace","path":"/completionStatus","value":"ERROR"}]'
            (Get-V2024TaskStatus $id).completionStatus | Should -Be 'ERROR'
        }
        It 'takes parameters by position: Id, JsonPatchOperation' {
            $id = (Get-V2024PendingTasks -Limit 1).id
            (Update-V2024TaskStatus $id @{ op = 'replace'; path = '/description'; value = 'new' }).description |
                Should -Be 'new'
        }
        It 'changes nothing with -WhatIf' {
            Update-V2024TaskStatus -Id 'any' -JsonPatchOperation @{ op = 'remove'; path = '/description' } -WhatIf
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It '-WhatIf describes the patch <Patch>: <Words>' -TestCases @(
            @{
                Patch = "@{ Op = 'replace'; Path = '/completionStatus'; Value = 'ERROR' }, " +
                    "@{ op = 'remove'; path = '/messages' }"
                Words = 'replace /completionStatus, remove /messages'
            }
            @{
                Patch = '''[{"op":"test","path":"/id","value":1},{"op":"add","path":"/a","value":2}]'''
                Words = 'test /id, add /a'
            }
            @{
                Patch = '(Initialize-V2024JsonPatchOperation -Op remove -Path /description)'
                Words = 'remove /description'
            }
        ) {
            $run = Invoke-Child @"
Update-V2024TaskStatus -Id t1 -JsonPatchOperation $Patch -WhatIf
`$first = Initialize-V2024JsonPatchOperation -Op test -Path /id -Value 1
`$second = Initialize-V2024JsonPatchOperation -Op remove -Path /a
`$first, `$second | Update-V2024TaskStatus -Id t2 -WhatIf
"@
            $run.Output -split "`n" | Should -Be @(
                "What if: Performing the operation `"$Words`" on target `"task t1`"."
                'What if: Performing the operation "test /id, remove /a" on target "task t2".'
            )
        }
    }

    Context '-WhatIf and -Confirm' {
        It 'promise nothing that would be refused: <Patch>' -TestCases @(
            @{ Patch = '{"op":"nop","path":"/a"}'; Id = 'x'; Like = '*has op "nop"*' }
            @{ Patch = '{"op":"remove","path":"a"}'; Id = 'x'; Like = '*has path "a"*' }
            @{ Patch = '{"op":"replace","path":"/a"}'; Id = 'x'; Like = '*has no value, which replace needs' }
            @{ Patch = '{"op"'; Id = 'x'; Like = 'the patch is not valid JSON: line 1, column 6' }
            @{
                Patch = @{ op = 'add'; path = '/a'; value = [Threading.Mutex]::new() }
                Id = 'x'
                Like = '*Mutex has no JSON form'
            }
            @{ Patch = '{"op":"remove","path":"/a"}'; Id = '..'; Like = 'the task id ".."*' }
            @{ Patch = '{"op":"remove","path":"/a"}'; Id = "a$([char] 0xD800)"; Like = '*half a surrogate pair*' }
        ) {
            $given = @{ Id = $Id; JsonPatchOperation = $Patch }
            foreach ($more in @{ WhatIf = $true }, @{ Confirm = $true }, @{ Confirm = $false }) {
                $caught = try { Update-V2024TaskStatus @given @more 6>&1 } catch { $_ }
                $caught.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Update-V2024TaskStatus'
                $caught.Exception.Message | Should -BeLike $Like
            }
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'promise nothing without settings' {
            Remove-Item Env:SAIL_CLIENT_ID
            try {
                { Update-V2024TaskStatus x '{"op":"remove","path":"/a"}' -WhatIf } |
                    Should -Throw -ErrorId 'InvalidSettings,Update-V2024TaskStatus'
            }
            finally { Use-Sandbox $sandbox }
        }
    }

    Context '-WithHttpInfo' {
        It 'returns a hashtable of Response, StatusCode and Headers' {
            $result = Get-V2024TaskStatusList -Limit 2 -Count $true -WithHttpInfo
            $result | Should -BeOfType [hashtable]
            $result.Keys | Sort-Object | Should -Be 'Headers', 'Response', 'StatusCode'
            $result.StatusCode | Should -Be 200
            $result.StatusCode | Should -BeOfType [int]
            $result.Response.Count | Should -Be 2
            , $result.Headers['X-Total-Count'] | Should -BeOfType [string[]]
            $result.Headers['X-Total-Count'] | Should -Be '400'
            $result.Headers['x-total-count'][0] | Should -Be '400'
        }
        It 'a list with one item, and an empty list, stay lists' {
            $one = (Get-V2024TaskStatusList -Limit 1 -WithHttpInfo).Response
            , $one | Should -BeOfType [array]
            $one.Count | Should -Be 1
            $none = (Get-V2024TaskStatusList -Limit 0 -WithHttpInfo).Response
            , $none | Should -BeOfType [array]
            $none.Count | Should -Be 0
        }
        It 'works on all five' {
            $id = (Get-V2024PendingTasks -Limit 1 -WithHttpInfo).Response[0].id
            (Get-V2024TaskStatus $id -WithHttpInfo).Response.id | Should -Be $id
            $patch = @{ op = 'replace'; path = '/description'; value = 'x' }
            (Update-V2024TaskStatus $id $patch -WithHttpInfo).Response.description | Should -Be 'x'
            (Get-V2024PendingTaskHeaders -Count $true -WithHttpInfo).Headers['X-Total-Count'] | Should -Be '20'
            Add-SandboxResponse $sandbox 204 -Headers @()
            $empty = Get-V2024PendingTasks -WithHttpInfo
            $empty.StatusCode, $empty.Response | Should -Be 204, $null
        }
    }

    Context '-XSailPointExperimental' {
        It 'is accepted on all five, and sent' {
            $id = (Get-V2024PendingTasks -Limit 1 -XSailPointExperimental 'true').id
            $null = Get-V2024TaskStatus $id -XSailPointExperimental 'true'
            $null = Get-V2024TaskStatusList -Limit 1 -XSailPointExperimental 'true'
            $null = Get-V2024PendingTaskHeaders -XSailPointExperimental 'true'
            $patch = @{ op = 'replace'; path = '/description'; value = 'x' }
            $null = Update-V2024TaskStatus $id $patch -XSailPointExperimental 'true'
            (Get-SandboxRequest $sandbox).ForEach{ $_.Header['x-sailpoint-experimental'] } | Should -Be (, 'true' * 5)
        }
        It 'is not sent by default' {
            $null = Get-V2024TaskStatusList -Limit 1
            (Get-SandboxRequest $sandbox).Header.ContainsKey('x-sailpoint-experimental') | Should -BeFalse
        }
    }
}
