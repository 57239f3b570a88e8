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
            $lines[0] -split ' +' | Should -Be 'id', 'what', 'source', 'status', 'launched', 'duration', 'message'
            $columns = 'Group Aggregation   HR – Zürich    ERROR       01-02 03:04 02:01:01 Verbindung*'
            $lines[2] | Should -BeLike "$($task.id) $columns"
            $lines[3] |
                Should -BeExactly 'fedcba9876543210fedcba9876543210 Account Aggregation                pending 7%'
            $lines[4] | Should -BeLike 'x * pending'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
        }
        It 'shows id, what, source and status in 80 columns' {
            $lines = Get-Line 80
            $lines[0] -split ' +' | Should -Be 'id', 'what', 'source', 'status'
            $lines[2] | Should -BeExactly '0123456789abcdef0123456789abcdef Group Aggregation   HR – Zürich    ERROR'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
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
        $status = [scriptblock]::Create($view.Control.Rows[0].Columns[3].DisplayEntry.Value)
        $expected = $Host.UI.SupportsVirtualTerminal ? "$($PSStyle.Foreground.Red)ERROR$($PSStyle.Reset)" : 'ERROR'
        $task | ForEach-Object $status | Should -BeExactly $expected
    }
    Context 'the list' {
        BeforeAll { $PSStyle.OutputRendering = 'PlainText' }
        It 'has Age and Duration, and each message on its own line' {
            $text = ($task | Format-List | Out-String -Width 120).Replace("`r", '')
            $text | Should -Match '(?m)^Duration +: 02:01:01$'
            $text | Should -Match '(?m)^Age +: \d+d \d\d:\d\d$'
            $text | Should -Match '(?m)^messages +: ERROR: Verbindung verweigert: 接続$'
            $text | Should -Match '(?m)^ +WARN: skipped a of 1$'
            $text | Should -Match '(?m)^target +: HR – Zürich \[source\]$'
        }
        It 'works for a task with only an id' {
            $bare | Format-List | Out-String | Should -Match '(?m)^Age +:\s*$'
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
    It 'Age() and Duration() return time spans, or nothing' {
        $task.Duration() | Should -Be ([timespan] '02:01:01')
        $task.Age().TotalDays | Should -BeGreaterThan 300
        foreach ($span in { $bare.Age() }, { $bare.Duration() }, { $pending.Duration() }) {
            & $span | Should -BeNullOrEmpty
        }
    }
}
