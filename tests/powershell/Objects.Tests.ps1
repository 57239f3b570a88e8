# The objects for task statuses.
Describe 'Objects' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        $running = Get-TestJson running-task
        $raced = $running.Replace('"completed":null', '"completed":"2025-01-02T03:09:05Z"')
        $failed = $raced.Replace('"completionStatus":null', '"completionStatus":"ERROR"').
            Replace('"messages":[]', "`"messages`":[$((Get-TestJson messages) -join ',')]")
        $odd = Get-TestJson odd-task
        $id = 'aa00000000000000000000000000aa01'
    }
    AfterAll { Stop-Sandbox }

    Context 'a task' {
        BeforeAll {
            Set-SandboxTask $sandbox $failed
            $task = Get-V2024TaskStatus $id
        }
        It 'is an object with the tenant''s members in the tenant''s order' {
            $task | Should -BeOfType [pscustomobject]
            $task.psobject.TypeNames[0] | Should -Be 'V2024.TaskStatus'
            $task.psobject.Properties.Name |
                Should -Be (ConvertFrom-Json $failed).psobject.Properties.Name
        }
        It 'finds members in any case' {
            $task.ID | Should -Be $id
            $task.UniqueName | Should -BeExactly 'Cloud Group Aggregation - HR Ünï [0001]'
        }
        It 'has UTC dates with milliseconds' {
            $task.created | Should -BeOfType [datetime]
            $task.created.Kind | Should -Be 'Utc'
            $task.created | Should -Be ([DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, 6, [timespan]::Zero).UtcDateTime)
        }
        It 'has nested objects, and integers' {
            $task.target.name | Should -BeExactly 'HR – Zürich [source]'
            $task.messages.Count | Should -Be 2
            $task.messages[0].localizedText.message | Should -BeExactly 'Verbindung verweigert: 接続'
            $task.messages[0].parameters | Should -Be 'a', 1, $null
            $task.messages[0].psobject.TypeNames[0] | Should -Be 'V2024.TaskStatusMessage'
            $task.attributes.eventId | Should -BeOfType [long]
            $task.percentComplete | Should -BeOfType [long]
            , $task.returns | Should -BeOfType [array]
            $task.returns.Count | Should -Be 0
        }
        It 'has an index, in any case, and methods of a hashtable' {
            $task['id'], $task['UNIQUENAME'], $task['target']['name'], $task['messages'][0]['localizedText']['locale'] |
                Should -BeExactly $id, $task.uniqueName, $task.target.name, 'en-US'
            $task['none'], $task[''], $task[1] | Should -Be $null, $null, $null
            # One task is also a list with one item.
            $task[0].id, $task[-1].id, $task.target[0].name | Should -Be $id, $id, $task.target.name
            $task.ContainsKey('id'), $task.Contains('ID'), $task.ContainsKey('none') | Should -Be $true, $true, $false
            @($task.GetEnumerator()).Key | Should -Be $task.psobject.Properties.Name
            @($task.GetEnumerator()).Where{ $_.Key -eq 'id' }.Value | Should -Be $id
            Set-StrictMode -Version Latest
            $task['none'] | Should -Be $null
            $copy = $task.psobject.Copy()
            $copy['id'] = 'other'
            $copy['new'] = 1
            $copy.id, $copy.new, $task.id | Should -Be 'other', 1, $id
        }
        It 'a target is sent as JSON with its members' {
            Update-V2024TaskStatus $id @{ op = 'replace'; path = '/attributes'; value = $task.target } |
                Should -Not -BeNullOrEmpty
            $members = ConvertTo-Json $task.target -Compress
            @(Get-SandboxRequest $sandbox)[-1].body |
                Should -BeExactly "[{`"op`":`"replace`",`"path`":`"/attributes`",`"value`":$members}]"
            Set-SandboxTask $sandbox $failed
        }
        It 'converts back to the same JSON, with the same instants as dates' {
            Format-Json ($task | ConvertTo-Json -Depth 10) | Should -BeExactly (Format-Json $failed)
        }
    }

    Context 'values' {
        It 'C02: a task that is completed without a status is unchanged' {
            Set-SandboxTask $sandbox $raced
            $task = Get-V2024TaskStatus $id
            $task.completed | Should -Be ([DateTimeOffset]::new(2025, 1, 2, 3, 9, 5, 0, [timespan]::Zero).UtcDateTime)
            $task.completionStatus | Should -Be $null
        }
        It 'C04: null stays null, and a missing member stays missing' {
            $summary = '"taskDefinitionSummary":{"id":"d","uniqueName":"u","description":null}'
            Set-SandboxTask $sandbox $running.Replace('"progress":null', "`"progress`":null,$summary")
            $task = Get-V2024TaskStatus $id
            $task.taskDefinitionSummary.psobject.Properties['description'].Value | Should -Be $null
            $task.taskDefinitionSummary.psobject.Properties.Name | Should -Contain 'description'
            Set-SandboxTask $sandbox $running
            (Get-V2024TaskStatus $id).psobject.Properties.Name | Should -Not -Contain 'taskDefinitionSummary'
        }
        It 'C05: unknown values and members are kept' {
            Set-SandboxTask $sandbox $odd
            $task = Get-V2024TaskStatus dd01
            $task.type, $task.completionStatus, $task.extraField.a[0] | Should -Be 'NEW_KIND', 'TERMINATED_BY_X', 1
            $task.target, $task.messages | Should -Be $null, $null
        }
        It 'an object with names that are empty or differ only in case is a dictionary' {
            Set-SandboxTask $sandbox $odd
            $task = Get-V2024TaskStatus dd01
            $task | Should -BeOfType [pscustomobject]
            $task.attributes.Total, $task.attributes.total, $task.attributes[''] | Should -Be '12', 12, 'empty key'
            $task.attributes.big | Should -Be 9007199254740993
            $task | ConvertTo-Json -Compress -Depth 5 | Should -BeExactly $odd
        }
        It 'C28: <_> as a date is kept' -TestCases @(
            '"2025-01-02T03:04Z"', '""', '"2025-01-02T03:04:05.123456789"', '"2025-01-02T03:04:05.123456789Z"'
            '"2025-01-02"', '1714574212775', '"2024-05-17 19:33:16.470000+00:00"'
        ) {
            Set-SandboxTask $sandbox "{`"id`":`"dd01`",`"launched`":$_}"
            Get-V2024TaskStatus dd01 | ConvertTo-Json -Compress | Should -BeExactly "{`"id`":`"dd01`",`"launched`":$_}"
        }
        It 'a date with an offset or microseconds keeps its instant: <Text>' -TestCases @(
            @{
                Text = '2025-01-02T03:04:05.123456Z'
                Instant = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, 0, [timespan]::Zero).UtcDateTime.AddTicks(1234560)
            }
            @{
                Text = '2025-01-02T03:04:05.5+02:00'
                Instant = [DateTimeOffset]::new(2025, 1, 2, 1, 4, 5, 500, [timespan]::Zero).UtcDateTime
            }
        ) {
            Set-SandboxTask $sandbox "{`"id`":`"dd01`",`"created`":`"$Text`"}"
            $created = (Get-V2024TaskStatus dd01).created
            $created, $created.Kind | Should -Be $Instant, 'Utc'
        }
        It 'only four members of the task itself are dates' {
            $date = '"2025-01-02T03:04:05Z"'
            Set-SandboxTask $sandbox "{`"id`":`"dd01`",`"due`":$date,`"attributes`":{`"created`":$date}}"
            $task = Get-V2024TaskStatus dd01
            $task.due, $task.attributes.created | Should -BeOfType [string]
        }
        It 'half a surrogate pair, U+0000 and huge numbers are kept' {
            Set-SandboxTask $sandbox ('{"id":"dd01","a":"x\ud800y","b":"\u0000",' +
                '"c":123456789012345678901234567890,"d":0.1234567890123456789}')
            $task = Get-V2024TaskStatus dd01
            $task.a.Length, [int] $task.a[1], [int] $task.b[0] | Should -Be 3, 0xd800, 0
            $task.c | Should -Be ([bigint]::Parse('123456789012345678901234567890'))
            $task.d | Should -Be 0.1234567890123456789
        }
        It 'a nested value is read on first use, and then is the same object each time' {
            Set-SandboxTask $sandbox $failed
            $task = Get-V2024TaskStatus $id
            $task.messages[0].key = 'changed'
            $task.messages[0].key | Should -Be 'changed'
            [object]::ReferenceEquals($task.messages, $task.messages) | Should -BeTrue
            $copy = $task.psobject.Copy()
            $copy.messages[0].key | Should -Be 'changed'
            $copy.target = $null
            $copy.target, $task.target.name | Should -Be $null, (Get-V2024TaskStatus $id).target.name
            $task.psobject.Properties['target'].MemberType | Should -Be NoteProperty
            ($task | Get-Member target).Definition | Should -BeLike '*target=*'
            $task.psobject.Properties['target'].TypeNameOfValue | Should -Be 'V2024.Target'
        }
        It 'JSON, Export-Clixml and Select-Object have all nested values, even if these were not read before' {
            Set-SandboxTask $sandbox $failed
            $whole = ConvertFrom-Json $failed
            Format-Json (Get-V2024TaskStatus $id | ConvertTo-Json -Depth 20) | Should -BeExactly (Format-Json $failed)
            Get-V2024TaskStatus $id | Export-Clixml "$TestDrive/task.xml"
            (Import-Clixml "$TestDrive/task.xml").messages[0].key | Should -Be $whole.messages[0].key
            (Get-V2024TaskStatus $id | Select-Object *).messages[0].key | Should -Be $whole.messages[0].key
        }
        It 'a task with other members than the one before it is read correctly' {
            Set-SandboxTask $sandbox @(
                '{"id":"1","target":{"id":"t"},"type":"x"}', '{"id":"2","type":"y"}', '{"id":"3","type":"z","TARGET":1}'
                '{"id":"4","target":1,"TARGET":2}', '{"type":"w","id":"5"}', '{"id":"6","":1}'
            )
            $seen = foreach ($task in Get-V2024TaskStatusList -Sorters created) {
                $names = $task -is [Collections.IDictionary] ? $task.Keys : $task.psobject.Properties.Name
                "$($task.GetType().Name) $($names -ceq 'id' ? $task.id : '') $names"
            }
            $seen | Sort-Object { $_.Split(' ')[1] } | Should -BeExactly @(
                'PSCustomObject 1 id target type', 'PSCustomObject 2 id type', 'PSCustomObject 3 id type TARGET'
                'OrderedDictionary 4 id target TARGET', 'PSCustomObject 5 type id', 'OrderedDictionary 6 id '
            )
        }
        It 'a value read in another session converts to text there' {
            Set-SandboxTask $sandbox '{"id":"1","target":{"name":"HR"},"messages":[{"key":"Done"}]}'
            Get-V2024TaskStatus 1 | ForEach-Object -Parallel { "$($_.target), $($_.messages[0]), $($_.messages)" } |
                Should -Be 'HR, Done, Done'
            $task = Get-V2024TaskStatus 1
            Start-ThreadJob { "$(($using:task).target)" } | Receive-Job -Wait -AutoRemoveJob | Should -Be 'HR'
        }
        It 'names with similar escapes are distinguished' {
            Set-SandboxTask $sandbox '{"id":"1","a\\n":1}', '{"id":"2","a\n":1}', '{"id":"3","a\u005cn":1}'
            $names = Get-V2024TaskStatusList -Sorters created | Sort-Object id |
                ForEach-Object { @($_.psobject.Properties.Name)[1] }
            $names | Should -BeExactly 'a\n', "a`n", 'a\n'
        }
        It 'JSON nested too deep is an error with the body' {
            $deep = '{"id":"1","attributes":' + '[' * 100000 + ']' * 100000 + '}'
            Set-SandboxTask $sandbox $deep
            $failure = { Get-V2024TaskStatus 1 } |
                Should -Throw -ErrorId 'InvalidResponse,Get-V2024TaskStatus' -PassThru
            $failure.Exception.Message | Should -BeLike '*nested more than 500 levels deep*'
            $failure.ErrorDetails.Message | Should -BeExactly $deep
            Add-SandboxResponse $sandbox 404 -Body $deep
            { Get-V2024TaskStatus 1 } | Should -Throw -ErrorId 'NotFound,Get-V2024TaskStatus'
            Set-SandboxTask $sandbox ('{"id":"1","attributes":' + '[' * 400 + ']' * 400 + '}')
            , (Get-V2024TaskStatus 1).attributes | Should -BeOfType [object[]]
        }
        It 'reads JSON as .NET does: <_>' -ForEach @(
            'null', 'true', '"x"', '[]', '{}', ' [ 1 , [ 2 ] , { "a" : [ ] } ] ', "{`n`t`"a`" :`r`n -1.5e3 , `"b`":0}"
            '[-0,0.1,1E5,1e-7,9223372036854775807,-9223372036854775808]'
            '["\"\\\/\b\f\n\r\t\u00e9\u65E5\ud83d\ude00","ü日😀","a\\"]'
            '{"a\"b":{"c\\":"}"},"d":"[,:]"}', '[[[[]]],[{},{"x":{}}]]'
        ) {
            $read = InModuleScope V2024TaskManagement -Parameters @{ Json = $_ } {
                , $script:Interop.GetType('V2024.JsonObjects')::Read($Json, $null)
            }
            $expected = [Text.Json.Nodes.JsonNode]::Parse($_)
            $text = $null -eq $read ? 'null' : (ConvertTo-Json $read -Depth 20 -Compress)
            [Text.Json.Nodes.JsonNode]::DeepEquals([Text.Json.Nodes.JsonNode]::Parse($text), $expected) |
                Should -BeTrue -Because $text
        }
    }

    Context 'lists' {
        BeforeEach { Reset-Sandbox $sandbox -Tasks }
        It 'one match has a Count of 1, and none is no output' {
            $one = Get-V2024TaskStatusList -Limit 1
            $one.Count | Should -Be 1
            $one | Should -BeOfType [pscustomobject]
            @(Get-V2024TaskStatusList -Filters 'id eq "none"').Count | Should -Be 0
            $null -eq (Get-V2024TaskStatusList -Filters 'id eq "none"') | Should -BeTrue
        }
        It 'Format-Table shows the data' {
            $task = Get-V2024TaskStatusList -Limit 1
            $text = $task | Format-Table id, completionStatus | Out-String
            $text | Should -BeLike "*$($task.id)*"
            $text.Trim().Split("`n").Count | Should -Be 3
        }
        It 'Select-Object, Sort-Object, Where-Object, Group-Object, Measure-Object and Compare-Object work' {
            $tasks = Get-V2024TaskStatusList -Limit 100
            ($tasks | Select-Object -ExpandProperty id) | Should -Be $tasks.id
            ($tasks | Sort-Object created)[0].created | Should -Be ($tasks.created | Measure-Object -Minimum).Minimum
            ($tasks | Where-Object completionStatus -EQ ERROR).Count | Should -BeGreaterThan 0
            ($tasks | Group-Object completionStatus | Measure-Object Count -Sum).Sum | Should -Be 100
            ($tasks | Measure-Object percentComplete -Maximum).Maximum | Should -Be 100
            Compare-Object $tasks (Get-V2024TaskStatusList -Limit 99) -Property id | ForEach-Object id |
                Should -Be $tasks[99].id
        }
        It 'Export-Csv accepts null members' {
            $tasks = Get-V2024TaskStatusList -Limit 50
            $tasks | Export-Csv "$TestDrive/tasks.csv"
            $rows = Import-Csv "$TestDrive/tasks.csv"
            $rows.Count | Should -Be 50
            $rows.id | Should -Be $tasks.id
        }
        It 'C08: 251 rows page by page, 0 rows, and 204 return 251, 0 and 0 objects' {
            Set-SandboxTask $sandbox (1..251 | ForEach-Object { "{`"id`":`"$_`",`"completionStatus`":null}" })
            $tasks = @(foreach ($offset in 0, 250) { Get-V2024TaskStatusList -Limit 250 -Offset $offset })
            $tasks.Count, @($tasks -eq $null).Count | Should -Be 251, 0
            Set-SandboxTask $sandbox @()
            @(Get-V2024TaskStatusList).Count | Should -Be 0
            Add-SandboxResponse $sandbox 204 -Headers @()
            @(Get-V2024PendingTasks).Count | Should -Be 0
        }
        It 'C34: a page of 250 tasks with 60 KB of attributes each arrives whole' {
            $log = 'x' * 60000
            Set-SandboxTask $sandbox (1..250 | ForEach-Object { "{`"id`":`"$_`",`"attributes`":{`"log`":`"$log`"}}" })
            $tasks = Get-V2024TaskStatusList -Limit 250
            $tasks.Count | Should -Be 250
            ($tasks.attributes.log -join '').Length | Should -Be 15000000
        }
    }

    Context 'helpers' {
        It 'ConvertFrom-V2024JsonToTaskStatus creates the same object, with unknown members' {
            Set-SandboxTask $sandbox $failed
            ConvertFrom-V2024JsonToTaskStatus -Json $failed | ConvertTo-Json -Depth 9 |
                Should -BeExactly (Get-V2024TaskStatus $id | ConvertTo-Json -Depth 9)
            (ConvertFrom-V2024JsonToTaskStatus $failed).created | Should -BeOfType [datetime]
            (ConvertFrom-V2024JsonToTaskStatus $odd).extraField.a | Should -Be 1
            { ConvertFrom-V2024JsonToTaskStatus '[[{"id":"1"}]]' } |
                Should -Throw -ErrorId 'InvalidArgument,ConvertFrom-V2024JsonToTaskStatus'
        }
        It 'Initialize-V2024TaskStatus keeps 0 and empty values, and sets the rest to null' {
            $given = @{ PercentComplete = 0; Messages = @(); CompletionStatus = ''; Created = [datetime]::UtcNow }
            $task = Initialize-V2024TaskStatus -Id x -Type QUARTZ @given
            $task.psobject.Properties.Name.Count | Should -Be 18
            $task.percentComplete, $task.messages.Count, $task.completionStatus | Should -Be 0, 0, ''
            $task.description, $task.modified, $task.target | Should -Be $null, $null, $null
            $task.psobject.TypeNames[0] | Should -Be 'V2024.TaskStatus'
        }
        It 'Initialize-V2024TaskStatus refuses an unknown type' {
            { Initialize-V2024TaskStatus -Type OTHER } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,Initialize-V2024TaskStatus'
        }
    }
}
