# The views of tasks, and their text in table cells and Export-Csv. The objects themselves do not change.
Describe 'Views' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        $rendering = $PSStyle.OutputRendering
        $failed = Get-TestJson failed-task
        $running = Get-TestJson pending-task
        Set-SandboxTask $sandbox $failed, $running, '{"id":"x"}'
        $task, $pending, $bare = '0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210', 'x' |
            Get-V2024TaskStatus
        function Get-Line {
            param([int] $Width)
            ($task, $pending, $bare | Out-String -Width $Width).Split("`n").TrimEnd().Where{ $_ }
        }
    }
    AfterAll {
        $PSStyle.OutputRendering = $rendering
        Stop-Sandbox
    }

    Context 'the table' {
        BeforeAll { $PSStyle.OutputRendering = 'PlainText' }
        It 'fits 120 columns' {
            $lines = Get-Line 120
            $lines[0] -split ' +' |
                Should -Be 'id', 'created', 'status', 'source', 'what', 'Duration()', 'message'
            $columns = '01-02 03:04 ERROR        HR – Zürich   Group Aggregation     02:01:01 Verbindung*'
            $lines[2] | Should -BeLike "$($task.id) $columns"
            $gap = ' ' * 13
            $lines[3] |
                Should -BeExactly "fedcba9876543210fedcba9876543210$gap`pending 7%$(' ' * 17)Account Aggregation"
            $lines[4] | Should -BeExactly "x$(' ' * 44)pending"
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        }
        It 'shows id, created, status, source and the beginning of what in 80 columns' {
            $lines = Get-Line 80
            $lines[0] -split ' +' | Should -Be 'id', 'created', 'status', 'source', 'what'
            $lines[2] | Should -BeExactly "$($task.id) 01-02 03:04 ERROR        HR – Zürich   Group A…"
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        }
        It 'shows <Percent> percent of a pending task as <Shown>' -TestCases @(
            @{ Percent = '100'; Shown = 'pending 100%' }
            @{ Percent = '33.999'; Shown = 'pending 33%' }
            @{ Percent = '7E1'; Shown = 'pending 70%' }
            @{ Percent = '0'; Shown = 'pending' }
            @{ Percent = 'null'; Shown = 'pending' }
        ) {
            $task = ConvertFrom-V2024JsonToTaskStatus "{`"id`":`"a`",`"percentComplete`":$Percent}"
            ($task | Format-Table | Out-String -Width 80).Split("`n")[3].Trim() -replace ' {2,}', '|' |
                Should -BeExactly "a|$Shown"
        }
        It 'keeps its columns in line after letters with combining characters' {
            $name = "Mu`u{308}ller"
            $json = '{"id":"a","completionStatus":"ERROR",' +
                "`"uniqueName`":`"$name`",`"target`":{`"name`":`"$name`"}," + '"messages":[{"key":"e\u0301"}]}'
            $task = ConvertFrom-V2024JsonToTaskStatus $json
            $columns = ($task | Format-Table | Out-String -Width 120).Split("`n")[3].TrimEnd()
            $columns | Should -BeExactly "a$(' ' * 44)ERROR        Müller        Müller$(' ' * 25)é"
            $task.uniqueName, $task.target.name | Should -BeExactly $name, $name
        }
        It 'shows a name with half of a surrogate pair' {
            $task = ConvertFrom-V2024JsonToTaskStatus '{"id":"a","uniqueName":"b\udc00"}'
            ($task | Format-Table | Out-String -Width 120).Split("`n")[3].TrimEnd() | Should -BeLike 'a*pending*b?'
        }
        It 'is the same if the caller uses strict mode' {
            $plain = $task, $pending, $bare | Out-String -Width 120
            Set-StrictMode -Version Latest
            $task, $pending, $bare | Out-String -Width 120 | Should -BeExactly $plain
        }
        It 'named columns show the members' {
            $task | Format-Table id, completionStatus, @{ n = 'minutes'; e = { $_.Duration().TotalMinutes } } |
                Out-String |
                Should -BeLike '*0123456789abcdef0123456789abcdef ERROR * 121*'
        }
    }
    It 'the status is coloured if the host supports colours' {
        $views = (Get-FormatData -TypeName V2024.TaskStatus -PowerShellVersion 7.4).FormatViewDefinition
        $view = $views.Where{ $_.Control -is [Management.Automation.TableControl] }[0]
        $status = [scriptblock]::Create($view.Control.Rows[0].Columns[2].DisplayEntry.Value)
        $expected = $Host.UI.SupportsVirtualTerminal ? "$($PSStyle.Foreground.Red)ERROR$($PSStyle.Reset)" : 'ERROR'
        $task | ForEach-Object $status | Should -BeExactly $expected
    }
    Context 'the list' {
        BeforeAll { $PSStyle.OutputRendering = 'PlainText' }
        It 'has the dates in UTC, Age and Duration, and each message on its own line' {
            $text = ($task | Format-List | Out-String -Width 120).Replace("`r", '')
            $text | Should -Match '(?m)^created +: 2025-01-02 03:04:05Z$'
            $text | Should -Match '(?m)^Duration\(\) +: 02:01:01$'
            $text | Should -Match '(?m)^Age\(\) +: \d+d \d\d:\d\d$'
            $text | Should -Match '(?m)^messages +: ERROR: Verbindung verweigert: 接続$'
            $text | Should -Match '(?m)^ +WARN: skipped a of 1$'
            $text | Should -Match '(?m)^target +: HR – Zürich \[source\]$'
        }
        It 'has each attribute on its own line' {
            $json = '{"id":"x","attributes":{"appId":"1","list":["a","b"],"inner":{"c":1},"none":null,"since":2}}'
            $task = ConvertFrom-V2024JsonToTaskStatus $json
            $lines = ($task | Format-List | Out-String -Width 80).Trim().Split("`n").Trim()
            $lines[-5..-1] | Should -BeExactly @(
                'attributes       : appId: 1', 'list: {a, b}', 'inner: @{c=1}', 'none:', 'since: 2')
            foreach ($other in '"words"', '[1,2]') {
                $json = "{`"id`":`"x`",`"attributes`":$other}"
                $shown = $other -eq '[1,2]' ? '{1, 2}' : 'words'
                (ConvertFrom-V2024JsonToTaskStatus $json | Format-List | Out-String).TrimEnd().Split("`n")[-1] |
                    Should -BeExactly "attributes       : $shown"
            }
        }
        It 'works for a task with only an id' {
            $bare | Format-List | Out-String | Should -Match '(?m)^Age\(\) +:\s*$'
        }
    }
    It 'messages and headers have their own views' {
        $PSStyle.OutputRendering = 'PlainText'
        ($task.messages | Out-String -Width 80).Split("`n").Trim() | Should -Contain 'WARN     skipped a of 1'
        $lines = (Get-V2024PendingTaskHeaders -Count $true | Out-String -Width 80).Split("`n").TrimEnd()
        $lines | Should -Contain '         2        200 content-type: application/json'
        $lines | Should -Contain '                      x-total-count: 2'
    }

    Context 'as text' {
        It 'a target is its name, and a message is its wording' {
            "$($task.target)|$($task.messages[0])|$($task.messages[1])" |
                Should -BeExactly 'HR – Zürich [source]|Verbindung verweigert: 接続|skipped a of 1'
        }
        It 'other arrays are not affected' {
            Set-SandboxTask $sandbox '{"id":"y","messages":[]}'
            $none = (Get-V2024TaskStatus y).messages
            , $none | Should -BeOfType [Collections.IList]
            ConvertTo-Json $none -Compress | Should -BeExactly '[]'
            $none.Count, $none.Length | Should -Be 0, 0
            @($none).Count, @($none | ForEach-Object { $_ }).Count, [bool] $none | Should -Be 0, 0, $false
            [psobject]::new([Array]::Empty[object]()).psobject.TypeNames | Should -Not -Contain 'V2024.List'
            [psobject]::new(@()).psobject.TypeNames | Should -Not -Contain 'V2024.List'
            Set-SandboxTask $sandbox $failed, $running, '{"id":"x"}'
        }
        It 'Export-Csv writes these texts' {
            $file = "$TestDrive/failures.csv"
            Get-V2024TaskStatusList -CompletionStatus ERROR -All | Export-Csv $file
            $row = Import-Csv $file
            $row.target | Should -BeExactly 'HR – Zürich [source]'
            $row.messages | Should -BeExactly 'Verbindung verweigert: 接続; skipped a of 1'
            Set-SandboxTask $sandbox '{"id":"y","messages":[]}'
            Get-V2024TaskStatus y | ConvertTo-Csv | Should -Be '"id","messages"', '"y",""'
            ConvertFrom-V2024JsonToTaskStatus '{"id":"y","messages":[]}' | ConvertTo-Csv |
                Should -Be '"id","messages"', '"y",""'
            Set-SandboxTask $sandbox $failed, $running, '{"id":"x"}'
            $row.psobject.Properties.Name | Should -Be $task.psobject.Properties.Name
        }
        It 'JSON, Select-Object and serialization are not affected' {
            Format-Json ($task | ConvertTo-Json -Depth 9) | Should -BeExactly (Format-Json $failed)
            ($task | Select-Object *).psobject.Properties.Name |
                Should -Be (ConvertFrom-Json $failed).psobject.Properties.Name
            ($task | Select-Object messages).messages[1].key | Should -Be 'skipped {0} of {1}'
            $text = [Management.Automation.PSSerializer]::Serialize($task, 5)
            [Management.Automation.PSSerializer]::Deserialize($text).messages[1].key |
                Should -Be 'skipped {0} of {1}'
            , $task.messages | Should -BeOfType [array]
        }
    }
    It 'a target, a message and headers are lists, too' {
        $PSStyle.OutputRendering = 'PlainText'
        function Get-List { param($Of) ($Of | Format-List | Out-String -Width 80).Trim().Split("`n").TrimEnd() }
        Get-List $task.target | Should -BeExactly @(
            "id   : $($task.target.id)", "type : $($task.target.type)", 'name : HR – Zürich [source]')
        Get-List $task.messages[1] | Should -BeExactly 'type    : WARN', 'message : skipped a of 1'
        (Get-List (Get-V2024PendingTaskHeaders -Count $true))[0..2] | Should -BeExactly @(
            'TotalCount : 2', 'StatusCode : 200', 'Headers    : content-type: application/json')
    }

    Context 'objects from elsewhere' {
        BeforeAll { $PSStyle.OutputRendering = 'PlainText' }
        It 'C60: tasks of a job and of Import-Clixml are as before, as a table and piped to a cmdlet, too' {
            $task | Export-Clixml "$TestDrive/c60.xml"
            $job = Start-Job -ArgumentList $env:V2024_TEST_MODULE {
                param($Module)
                Import-Module $Module
                Get-V2024TaskStatus 0123456789abcdef0123456789abcdef
            }
            $ofJob = $job | Receive-Job -Wait -AutoRemoveJob | Select-Object $task.psobject.Properties.Name
            $ofFile = Import-Clixml "$TestDrive/c60.xml"
            foreach ($read in $ofJob, $ofFile) {
                $read | ConvertTo-Json -Depth 9 | Should -BeExactly ($task | ConvertTo-Json -Depth 9)
                Reset-Sandbox $sandbox
                $again = $read | Get-V2024TaskStatus
                (Get-SandboxRequest $sandbox).path | Should -BeExactly "/v2024/task-status/$($task.id)"
                $again | ConvertTo-Json -Depth 9 | Should -BeExactly ($task | ConvertTo-Json -Depth 9)
            }
            $ofFile | Format-Table | Out-String -Width 120 |
                Should -BeExactly ($task | Format-Table | Out-String -Width 120)
        }
        It 'those of Import-Clixml are shown and become text like the task itself' {
            $task, $pending, $bare | Export-Clixml "$TestDrive/tasks.xml"
            $read = Import-Clixml "$TestDrive/tasks.xml"
            $read[0].psobject.TypeNames[0] | Should -Be 'Deserialized.V2024.TaskStatus'
            foreach ($width in 80, 120) {
                $read | Out-String -Width $width |
                    Should -BeExactly ($task, $pending, $bare | Out-String -Width $width)
            }
            $read | Format-List | Out-String | Should -BeExactly ($task, $pending, $bare | Format-List | Out-String)
            # Of the other lists, PowerShell makes another text after Import-Clixml.
            $text = $task, $pending, $bare | Select-Object * -ExcludeProperty returns | ConvertTo-Csv
            $read | Select-Object * -ExcludeProperty returns | ConvertTo-Csv | Should -BeExactly $text
            "$($read[0].target)|$($read[0].messages[1])" | Should -BeExactly 'HR – Zürich [source]|skipped a of 1'
            $read[0].messages | Out-String | Should -BeExactly ($task.messages | Out-String)
            $read[0].Duration() | Should -Be ([timespan] '02:01:01')
            $read[0] | ConvertTo-Json -Depth 9 | Should -BeExactly ($task | ConvertTo-Json -Depth 9)
        }
        It 'those of a job are whole' {
            $job = Start-Job -ArgumentList $env:V2024_TEST_MODULE {
                param($Module)
                Import-Module $Module
                Get-V2024TaskStatus 0123456789abcdef0123456789abcdef
            }
            $read = $job | Receive-Job -Wait -AutoRemoveJob
            $read | Out-String -Width 120 | Should -BeExactly ($task | Out-String -Width 120)
            $read | Select-Object $task.psobject.Properties.Name | ConvertTo-Json -Depth 9 |
                Should -BeExactly ($task | ConvertTo-Json -Depth 9)
        }
        It 'headers of Import-Clixml are shown like the headers themselves' {
            $headers = Get-V2024PendingTaskHeaders -Count $true
            $headers | Export-Clixml "$TestDrive/headers.xml"
            $read, $own = (Import-Clixml "$TestDrive/headers.xml"), $headers | ForEach-Object {
                # The order of headers is not kept.
                , (($_ | Out-String -Width 80) -split '\s\s+|(?<=200) ' | Where-Object { $_ } | Sort-Object)
            }
            $read | Should -Be $own
        }
        It 'headers are listed with Format-List, and below other output without their table of headers' {
            $PSStyle.OutputRendering = 'PlainText'
            $headers = Get-V2024PendingTaskHeaders -Count $true
            $lines = ($headers | Format-List | Out-String -Width 80).Split("`n").TrimEnd()
            $lines | Should -Contain 'TotalCount : 2'
            $lines | Should -Contain 'Headers    : content-type: application/json'
            $text = [version] '1.2', $headers | Out-String -Width 80
            $text | Should -BeLike '*TotalCount : 2*StatusCode : 200*'
            $text | Should -Not -BeLike '*String*'
        }
        It '-WithHttpInfo is shown as one object with status, headers and ids, below other output, too' {
            $PSStyle.OutputRendering = 'PlainText'
            $list, $one = (Get-V2024TaskStatusList -WithHttpInfo), (Get-V2024TaskStatus x -WithHttpInfo)
            $text = ([pscustomobject]@{ a = 1 }, $list, $one | Out-String -Width 120).Replace("`r", '')
            $text | Should -Match '(?m)^StatusCode : 200\nHeaders    : content-type: application/json\n'
            $gap = ' ' * 13
            $text | Should -Match "(?m)^Response   : $($task.id)\n${gap}fedcba9876543210fedcba9876543210\n${gap}x$"
            $text | Should -Match '(?m)^Response   : x$'
            $list.Keys | Sort-Object | Should -Be 'Headers', 'Response', 'StatusCode'
        }
        It '-WithHttpInfo shows ten ids, and how many more there are' {
            Set-SandboxTask $sandbox (10..30).ForEach{ "{`"id`":`"task-$_`"}" }
            try {
                $lists = 0, 10, 11, 21 | ForEach-Object {
                    $text = Get-V2024TaskStatusList -Limit $_ -WithHttpInfo | Out-String -Width 80
                    , ($text -replace '(?s).*Response +: ').Trim().Split("`n").Trim()
                }
            }
            finally { Set-SandboxTask $sandbox $failed, $running, '{"id":"x"}' }
            $ids = $lists[1]
            $ids.Count | Should -Be 10
            $ids | Should -BeLike 'task-??'
            $lists[0] | Should -Be '{}'
            $lists[2][10], $lists[3][10] | Should -Be '… and 1 more', '… and 11 more'
            $lists[3].Count | Should -Be 11
        }
        It 'a task with member names that differ only in case is shown as one task' {
            Set-SandboxTask $sandbox @(
                '{"id":"two","ID":"other","created":"2025-01-02T03:04:05Z","target":{"name":"HR"}}'
                '{"id":"one","target":{"name":"AD"}}'
            )
            try { $both = Get-V2024TaskStatusList }
            finally { Set-SandboxTask $sandbox $failed, $running, '{"id":"x"}' }
            $lines = ($both | Out-String -Width 80).Split("`n").TrimEnd().Where{ $_ }
            $lines[2..3] | Sort-Object |
                Should -BeExactly "one$(' ' * 42)pending      AD", "two$(' ' * 30)01-02 03:04 pending      HR"
            $lines.Count | Should -Be 4
            $two = $both | Where-Object { $_['ID'] -eq 'other' }
            $two.psobject.TypeNames[0], $two.id | Should -Be 'V2024.TaskStatus', 'two'
            $two.created | Should -BeOfType [datetime]
        }
    }
    Context 'characters that change how a terminal shows other text' {
        BeforeAll {
            $PSStyle.OutputRendering = 'Ansi'
            # As the tenant writes them in JSON, and as they are shown.
            $bad = 'x\u001b[2J\r\n\u0007\u007f\u009b\u061c\u200e\u202e\u2028\u2066y'
            $shown = "x␛[2J␍␊␇␡$("`u{fffd}" * 6)y"
            $names = 'id', 'uniqueName', 'description', 'type', 'launcher', 'created', 'launched', 'completed',
                'completionStatus', 'percentComplete', 'progress'
            $members = $names.ForEach{ "`"$_`":`"$bad`"" } -join ','
            $message = "{`"type`":`"$bad`",`"key`":`"$bad`"}"
            $rest = "`"target`":{`"id`":`"1`",`"name`":`"$bad`"},`"attributes`":{`"$bad`":[`"$bad`"]}"
            $object = ConvertFrom-V2024JsonToTaskStatus "{$members,$rest,`"messages`":[$message]}"
            $text = [Management.Automation.PSSerializer]::Serialize($object, 5)
            $read = [Management.Automation.PSSerializer]::Deserialize($text)
            $unsafe = '[\p{Cc}\p{Zl}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069-[\n]]'
            function Get-Plain {
                param($Text)
                # What is left after the colours of the view itself.
                $Text -replace '\e\[[\d;]*m' -replace '\r\n', "`n"
            }
        }
        It 'are replaced in each column of the table' {
            foreach ($one in $object, $read) {
                $plain = Get-Plain ($one | Format-Table | Out-String -Width 300)
                $plain | Should -Not -Match $unsafe
                $plain.Trim().Split("`n").Count | Should -Be 3
                # id, source, what, message
                [regex]::Matches($plain, [regex]::Escape($shown)).Count | Should -Be 3
                # created and status are cut.
                [regex]::Matches($plain, 'x␛\[2J').Count | Should -Be 6
            }
        }
        It 'are replaced in each line of the list' {
            foreach ($one in $object, $read) {
                $plain = Get-Plain ($one | Format-List | Out-String -Width 300)
                $plain | Should -Not -Match $unsafe
                $lines = $plain.Trim().Split("`n")
                $lines.Count | Should -Be 16
                foreach ($name in $names + 'target') {
                    $lines.Where{ $_ -match "^$name +: (.*)" }.ForEach{ $_ -replace '^[^:]+: ' } |
                        Should -BeExactly $shown -Because $name
                }
                $lines.Where{ $_ -like 'messages*' } | Should -BeLike "*: $($shown.Replace('[', '`[')): x␛*y"
                $lines.Where{ $_ -like 'attributes*' }.ForEach{ $_ -replace '^[^:]+: ' } |
                    Should -BeExactly "${shown}: {$shown}"
            }
        }
        It 'are replaced in targets, messages and headers' {
            foreach ($one in $object, $read) {
                $plain = Get-Plain ($one.target | Out-String -Width 300)
                $plain | Should -Not -Match $unsafe
                $plain | Should -BeLike "*$($shown.Replace('[', '`['))*"
                $plain = Get-Plain ($one.messages | Out-String -Width 300)
                $plain | Should -Not -Match $unsafe
                # The type is wrapped.
                $plain | Should -BeLike "*x␛``[2J␍␊␇ $($shown.Replace('[', '`['))*"
            }
            $headers = [pscustomobject] @{ TotalCount = 1; StatusCode = 200; Headers = @{ name = "a`eb`u{202e}" } }
            $headers.psobject.TypeNames.Insert(0, 'V2024.PendingTaskHeaders')
            $plain = Get-Plain ($headers | Out-String)
            $plain | Should -Not -Match $unsafe
            $plain | Should -BeLike "*name: a␛b`u{fffd}*"
        }
        It 'are kept in the data' {
            $object.uniqueName, $object.target.name, "$($object.target)", "$($object.messages[0])" |
                Should -BeExactly (, (ConvertFrom-Json "`"$bad`"") * 4)
            ($object | ConvertTo-Csv)[1].Contains([char] 0x202e) | Should -BeTrue
        }
    }
    It 'Age() and Duration() return time spans, or nothing' {
        $task.Duration() | Should -Be ([timespan] '02:01:01')
        $task.Age().TotalDays | Should -BeGreaterThan 300
        foreach ($span in { $bare.Age() }, { $bare.Duration() }, { $pending.Duration() }) {
            & $span | Should -BeNullOrEmpty
        }
    }
    It 'Age() and Duration() are right for local times' {
        $now = [datetime]::Now
        $local = Initialize-V2024TaskStatus -Created $now.AddHours(-2) -Launched $now.AddMinutes(-5) -Completed $now
        $local.Age().TotalHours | Should -BeGreaterOrEqual 2
        $local.Age().TotalHours | Should -BeLessThan 2.1
        $local.Duration() | Should -Be ([timespan] '00:05:00')
        $local.completed = $null
        $local.Duration().TotalMinutes | Should -BeLessThan 6
        ($local | Out-String -Width 120) |
            Should -BeLike "*$($now.AddHours(-2).ToUniversalTime().ToString('MM-dd HH:mm'))*"
    }
    It 'a target is compared, sorted and grouped by its name' {
        $tasks = 'HR', 'AD', 'hr', 'Ä' | ForEach-Object {
            ConvertFrom-V2024JsonToTaskStatus "{`"id`":`"$_`",`"target`":{`"id`":`"1`",`"name`":`"$_`"}}"
        }
        ($tasks | Sort-Object target).id | Should -Be (($tasks | Sort-Object { "$($_.target)" }).id)
        ($tasks | Group-Object target | Sort-Object Name).ForEach{ "$($_.Name) $($_.Count)" } |
            Should -Be (('HR', 'AD', 'hr', 'Ä' | Group-Object | Sort-Object Name).ForEach{ "$($_.Name) $($_.Count)" })
        ($tasks | Where-Object target -EQ 'hr').id | Should -BeExactly 'HR', 'hr'
        ($tasks | Where-Object target -In 'AD', 'x').id | Should -Be 'AD'
        ($tasks[0].target -eq $tasks[2].target), ($tasks[0].target -ne 'HR'), ($tasks[0].target -eq $null) |
            Should -Be $true, $false, $false
        ($tasks.target | Select-Object -Unique).Count | Should -Be 3
    }
}
