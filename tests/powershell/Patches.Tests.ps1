# All accepted forms of -JsonPatchOperation, and the helpers that create operations.
Describe 'Patches' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        # These tests look only at the patch that is sent, so the tenant accepts any.
        function Get-Sent {
            param([scriptblock] $Script)
            Reset-Sandbox $sandbox
            Add-SandboxResponse $sandbox 200 -Body '{"id":"x"}' -Operation update -Times 0
            $null = & $Script
            (Get-SandboxRequest $sandbox).body
        }
    }
    AfterAll { Stop-Sandbox }

    Context '-JsonPatchOperation' {
        It '<What> arrives as one array' -TestCases @(
            @{ What = 'a hashtable'; Given = @{ op = 'replace'; path = '/description'; value = 'x' } }
            @{ What = 'a hashtable with capitals'; Given = @{ Op = 'replace'; Path = '/description'; Value = 'x' } }
            @{ What = 'an object'; Given = [pscustomobject]@{ op = 'replace'; path = '/description'; value = 'x' } }
            @{
                What = 'the helper''s object'
                Given = { Initialize-V2024JsonPatchOperation -Op replace -Path /description -Value x }
            }
            @{
                What = 'the helper''s object from JSON'
                Given = {
                    ConvertFrom-V2024JsonToJsonPatchOperation -Json '{"op":"replace","path":"/description","value":"x"}'
                }
            }
            @{
                What = 'the output of ConvertFrom-Json'
                Given = { '[{"op":"replace","path":"/description","value":"x"}]' | ConvertFrom-Json }
            }
            @{
                What = 'the output of ConvertFrom-Json -AsHashtable'
                Given = { '{"op":"replace","path":"/description","value":"x"}' | ConvertFrom-Json -AsHashtable }
            }
            @{ What = 'JSON text of an object'; Given = '{"op":"replace","path":"/description","value":"x"}' }
            @{ What = 'JSON text of an array'; Given = ' [ {"op":"replace","path":"/description","value":"x"} ] ' }
        ) {
            $operation = if ($Given -is [scriptblock]) { & $Given } else { $Given }
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation $operation } |
                Should -BeExactly '[{"op":"replace","path":"/description","value":"x"}]'
        }
        It 'C22: two operations as argument, two piped, and a single one are one request each, in order' {
            $first = @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
            $second = @{ op = 'replace'; path = '/completed'; value = '2025-01-02T03:04:05.000Z' }
            $both = '[{"op":"replace","path":"/completionStatus","value":"TERMINATED"},' +
                '{"op":"replace","path":"/completed","value":"2025-01-02T03:04:05.000Z"}]'
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation $first, $second } | Should -BeExactly $both
            Get-Sent { $first, $second | Update-V2024TaskStatus -Id x } | Should -BeExactly $both
            Reset-Sandbox $sandbox
            @() | Update-V2024TaskStatus -Id x
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation $first } |
                Should -BeExactly '[{"op":"replace","path":"/completionStatus","value":"TERMINATED"}]'
        }
        It 'the lines of a file are one patch: <What>' -TestCases @(
            @{
                What = 'an array'
                Lines = '[', '{"op":"remove",', '', '"path":"/a"},', '{"op":"remove","path":"/b"}', ']'
            }
            @{
                What = 'an operation in each line'
                Lines = '{"op":"remove","path":"/a"}', '', '{"op":"remove","path":"/b"}'
            }
        ) {
            $both = '[{"op":"remove","path":"/a"},{"op":"remove","path":"/b"}]'
            $file = Join-Path $TestDrive patch.json
            Set-Content -LiteralPath $file -Value $Lines
            Get-Sent { Get-Content $file | Update-V2024TaskStatus -Id x } | Should -BeExactly $both
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation (Get-Content $file) } |
                Should -BeExactly $both
            (Get-Content $file | ConvertFrom-V2024JsonToJsonPatchOperation).path | Should -Be '/a', '/b'
        }
        It 'a byte order mark before the text is skipped' {
            $text = "$([char] 0xFEFF){`"op`":`"remove`",`"path`":`"/a`"}"
            Get-Sent { Update-V2024TaskStatus x $text } | Should -BeExactly '[{"op":"remove","path":"/a"}]'
            (ConvertFrom-V2024JsonToJsonPatchOperation $text).path | Should -Be '/a'
            (ConvertFrom-V2024JsonToTaskStatus "$([char] 0xFEFF){`"id`":`"x`"}").id | Should -Be 'x'
        }
        It 'further columns of a CSV file are no part of an operation' {
            $rows = 'note,op,path,from,value', 'n,replace,/a,,x', 'n,remove,/b,,', 'n,move,/c,/d,' | ConvertFrom-Csv
            Get-Sent { $rows | Update-V2024TaskStatus -Id x } | Should -BeExactly (
                '[{"op":"replace","path":"/a","value":"x"},{"op":"remove","path":"/b"},' +
                '{"op":"move","path":"/c","from":"/d"}]')
            Get-Sent { 'id,op,path,value', 'x,add,/a,1' | ConvertFrom-Csv | Update-V2024TaskStatus } |
                Should -BeExactly '[{"op":"add","path":"/a","value":"1"}]'
        }
        It 'the columns of a CSV file may be in another case' {
            $rows = 'Note,Op,PATH,From,Value', 'n,replace,/a,,x', 'n,remove,/b,,', 'n,move,/c,/d,' | ConvertFrom-Csv
            $sent = '[{"op":"replace","path":"/a","value":"x"},{"op":"remove","path":"/b"},' +
                '{"op":"move","path":"/c","from":"/d"}]'
            Get-Sent { $rows | Update-V2024TaskStatus -Id x } | Should -BeExactly $sent
            Get-Sent { Update-V2024TaskStatus x $rows } | Should -BeExactly $sent
            Get-Sent { 'ID,OP,Path,VALUE', 'x,add,/a,1' | ConvertFrom-Csv | Update-V2024TaskStatus } |
                Should -BeExactly '[{"op":"add","path":"/a","value":"1"}]'
        }
        It 'further members that were written by hand are sent' {
            $text = '{"op":"remove","path":"/a","note":"n"}'
            $sent = '[{"op":"remove","path":"/a","note":"n"}]'
            Get-Sent { Update-V2024TaskStatus x $text } | Should -BeExactly $sent
            Get-Sent { Update-V2024TaskStatus x (ConvertFrom-V2024JsonToJsonPatchOperation $text) } |
                Should -BeExactly $sent
            Get-Sent { Update-V2024TaskStatus x @{ op = 'remove'; path = '/a'; note = 'n' } } | Should -BeExactly $sent
        }
        It 'an operation without the value or from that it needs is refused' -TestCases @(
            @{ Given = [pscustomobject]@{ op = 'replace'; path = '/a'; valu = 1 }; Lacks = 'value, which replace' }
            @{ Given = @{ op = 'add'; path = '/a' }; Lacks = 'value, which add' }
            @{ Given = '{"op":"copy","path":"/a","value":"/b"}'; Lacks = 'from, which copy' }
        ) {
            Reset-Sandbox $sandbox
            { Update-V2024TaskStatus x $Given } | Should -Throw -ErrorId 'InvalidArgument,Update-V2024TaskStatus' `
                -ExpectedMessage "operation 1 of the JSON Patch has no $Lacks needs"
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
        It 'C65: the value of <What> is sent without what PowerShell adds to it' -TestCases @(
            @{ What = 'Get-Content'; Value = { Get-Content TestDrive:/value.txt }; Json = '"a line"' }
            @{
                What = 'Get-Date'
                Value = { (Get-Date -Date '2024-05-17T01:02:03Z') }
                Json = '"2024-05-17T01:02:03Z"'
            }
            @{ What = 'an empty pipeline'; Value = { @() | ForEach-Object { $_ } }; Json = 'null' }
            @{ What = '[DateOnly]'; Value = { [DateOnly]::new(2024, 5, 17) }; Json = '"2024-05-17"' }
        ) {
            Set-Content TestDrive:/value.txt 'a line'
            Get-Sent { Update-V2024TaskStatus x @{ op = 'add'; path = '/a'; value = (& $Value) } } |
                Should -BeExactly "[{`"op`":`"add`",`"path`":`"/a`",`"value`":$Json}]"
        }
        It 'C23: the value <What> arrives unchanged' -TestCases @(
            @{
                What = 'nested five deep'
                Value = @{ a = [pscustomobject]@{ b = @(@{ c = @{ d = @{ e = 1 } } }) } }
                Json = '{"a":{"b":[{"c":{"d":{"e":1}}}]}}'
            }
            @{ What = 'null'; Value = $null; Json = 'null' }
            @{ What = '$false'; Value = $false; Json = 'false' }
            @{ What = '0'; Value = 0; Json = '0' }
            @{ What = 'an empty text'; Value = ''; Json = '""' }
            @{ What = 'an empty array'; Value = @(); Json = '[]' }
            @{ What = 'an array of one'; Value = @('a'); Json = '["a"]' }
            @{ What = 'text that looks like a number'; Value = '007'; Json = '"007"' }
            @{
                What = 'text that looks like a date'
                Value = '2024-05-17 19:33:16.470000+00:00'
                Json = '"2024-05-17 19:33:16.470000+00:00"'
            }
            @{ What = '1.5'; Value = 1.5; Json = '1.5' }
            @{ What = 'a large number'; Value = 9007199254740993; Json = '9007199254740993' }
            @{ What = 'a decimal'; Value = 1.10d; Json = '1.10' }
            @{ What = 'umlauts and quotes'; Value = "Zürich ""接続"" \ `n"; Json = '"Zürich \"接続\" \\ \n"' }
            @{ What = 'an enumeration'; Value = [DayOfWeek]::Friday; Json = '"Friday"' }
        ) {
            $given = @{ op = 'replace'; path = '/attributes'; value = $Value }
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation $given } |
                Should -BeExactly "[{`"op`":`"replace`",`"path`":`"/attributes`",`"value`":$Json}]"
            $given = Initialize-V2024JsonPatchOperation -Op replace -Path /attributes -Value $Value
            Get-Sent { Update-V2024TaskStatus -Id x -JsonPatchOperation $given } |
                Should -BeExactly "[{`"op`":`"replace`",`"path`":`"/attributes`",`"value`":$Json}]"
        }
        It 'numbers in JSON text are sent as written' {
            $json = '[{"op":"test","path":"/a","value":1.0},' +
                '{"op":"test","path":"/b","value":123456789012345678901234567890}]'
            Get-Sent { Update-V2024TaskStatus x $json } | Should -BeExactly $json
        }
        It 'a date becomes ISO 8601 in UTC: <Name>' -TestCases @(
            @{
                Name = 'UTC'
                Date = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, 6, [timespan]::Zero).UtcDateTime
                Json = '2025-01-02T03:04:05.006Z'
            }
            @{
                Name = 'local'
                Date = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, 0, [timespan]::Zero).UtcDateTime.ToLocalTime()
                Json = '2025-01-02T03:04:05Z'
            }
            @{
                Name = 'with an offset'
                Date = [DateTimeOffset]::new(2025, 1, 2, 3, 4, 5, [timespan]::FromHours(2))
                Json = '2025-01-02T01:04:05Z'
            }
        ) {
            Get-Sent { Update-V2024TaskStatus x @{ op = 'replace'; path = '/completed'; value = $Date } } |
                Should -BeExactly "[{`"op`":`"replace`",`"path`":`"/completed`",`"value`":`"$Json`"}]"
        }
        It 'C25: <_> is sent unchanged, and the tenant decides' -TestCases 'Success', 'Error', 'Completed' {
            Get-Sent { Update-V2024TaskStatus x @{ op = 'replace'; path = '/completionStatus'; value = $_ } } |
                Should -BeExactly "[{`"op`":`"replace`",`"path`":`"/completionStatus`",`"value`":`"$_`"}]"
            Reset-Sandbox $sandbox
            Add-SandboxResponse $sandbox 400 -Body '{"detailCode":"400.1 Bad request content"}' -Operation update
            { Update-V2024TaskStatus x @{ op = 'replace'; path = '/completionStatus'; value = $_ } } |
                Should -Throw -ErrorId 'BadRequest,Update-V2024TaskStatus'
        }
        It '<Name> is sent as <Json>' -TestCases @(
            @{ Name = 'a [DateOnly]'; Value = [DateOnly]::new(2025, 1, 2); Json = '"2025-01-02"' }
            @{ Name = 'a [TimeOnly]'; Value = [TimeOnly]::new(3, 4, 5); Json = '"03:04:05"' }
            @{ Name = 'a [guid]'; Value = [guid]::Empty; Json = '"00000000-0000-0000-0000-000000000000"' }
            @{ Name = 'a [timespan]'; Value = [timespan]::FromHours(1); Json = '"01:00:00"' }
            @{ Name = 'a [uri]'; Value = [uri] 'https://x.example/a'; Json = '"https://x.example/a"' }
            @{ Name = 'a [version]'; Value = [version] '1.2'; Json = '"1.2"' }
        ) {
            Get-Sent { Update-V2024TaskStatus x @{ op = 'add'; path = '/a'; value = $Value } } |
                Should -BeExactly "[{`"op`":`"add`",`"path`":`"/a`",`"value`":$Json}]"
        }
        It '<Name> has no JSON form and is refused, also inside another value' -TestCases @(
            @{ Name = 'a class instance'; Value = [Threading.Mutex]::new() }
            @{ Name = 'a script block'; Value = { 1 } }
            @{ Name = 'a type'; Value = [int] }
            @{ Name = 'an object whose text begins with its type'; Value = Get-Process -Id $PID }
            @{ Name = 'a [securestring]'; Value = ConvertTo-SecureString 'x' -AsPlainText }
            @{ Name = 'a [pscredential]'; Value = [pscredential]::new('x', (ConvertTo-SecureString 'x' -AsPlainText)) }
            @{ Name = 'a [xml]'; Value = [xml] '<a><b/></a>' }
            @{ Name = 'half a surrogate pair'; Value = "a$([char] 0xD800)" }
            @{ Name = 'half a surrogate pair as a name'; Value = @{ "a$([char] 0xD800)" = 1 } }
        ) {
            Reset-Sandbox $sandbox
            foreach ($given in $Value, @{ inside = @($Value) }) {
                $caught = try { Update-V2024TaskStatus x @{ op = 'add'; path = '/a'; value = $given } } catch { $_ }
                $caught.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Update-V2024TaskStatus'
                $caught.Exception.Message | Should -BeLike 'the patch cannot be sent: *'
            }
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
        It 'a value that contains itself is refused' {
            $loop = @{}
            $loop.self = $loop
            { Update-V2024TaskStatus x @{ op = 'add'; path = '/a'; value = $loop } } |
                Should -Throw -ErrorId 'InvalidArgument,Update-V2024TaskStatus'
            $loop = [pscustomobject]@{ JsonPatchOperation = $null }
            $loop.JsonPatchOperation = $loop
            { $loop | Update-V2024TaskStatus x } | Should -Throw -ErrorId 'InvalidArgument,Update-V2024TaskStatus'
        }
    }

    Context 'Initialize-V2024JsonPatchOperation' {
        It 'returns an object with op, path and value' {
            $operation = Initialize-V2024JsonPatchOperation replace /description x
            $operation.psobject.Properties.Name | Should -Be 'op', 'path', 'value'
            $operation.psobject.TypeNames[0] | Should -Be 'V2024.JsonPatchOperation'
        }
        It '-Op remove sends no value' {
            Get-Sent { Update-V2024TaskStatus x (Initialize-V2024JsonPatchOperation -Op remove -Path /description) } |
                Should -BeExactly '[{"op":"remove","path":"/description"}]'
        }
        It '-From is for move and copy' {
            Get-Sent { Update-V2024TaskStatus x (Initialize-V2024JsonPatchOperation -Op move -From /a -Path /b) } |
                Should -BeExactly '[{"op":"move","path":"/b","from":"/a"}]'
        }
        It 'binds its parameters by name from the pipeline' {
            $operation = [pscustomobject]@{ op = 'add'; path = '/a'; value = 1 } | Initialize-V2024JsonPatchOperation
            $operation.op, $operation.path, $operation.value | Should -Be 'add', '/a', 1
        }
        It 'refuses an unknown op' {
            { Initialize-V2024JsonPatchOperation -Op bad -Path /a } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,Initialize-V2024JsonPatchOperation'
        }
    }

    Context 'ConvertFrom-V2024JsonToJsonPatchOperation' {
        It 'returns one object for an object, several for an array, and keeps unknown members' {
            $json = '{"op":"add","path":"/a","value":{"b":[1]},"extra":true}'
            (ConvertFrom-V2024JsonToJsonPatchOperation $json).extra | Should -BeTrue
            $json = '[{"op":"add","path":"/a","value":1},{"op":"remove","path":"/b"}]'
            $two = ConvertFrom-V2024JsonToJsonPatchOperation -Json $json
            $two.op | Should -Be 'add', 'remove'
            $two[1].psobject.Properties.Name | Should -Be 'op', 'path'
            @(ConvertFrom-V2024JsonToJsonPatchOperation '[{"op":"add","path":"/a","value":1}]').Count | Should -Be 1
        }
        It 'refuses <_>' -TestCases @(
            '{"op":"remove"}', '{"path":"/a"}', '[{"op":"add","path":"/a"},{"op":"add"}]', '', '5', '{"op":'
            'null', '[[{"op":"add","path":"/a"}]]'
        ) {
            $command = 'ConvertFrom-V2024JsonToJsonPatchOperation'
            { ConvertFrom-V2024JsonToJsonPatchOperation -Json $_ } |
                Should -Throw -ErrorId "InvalidArgument,$command" -ExceptionType ([ArgumentException])
        }
        It 'passes through an exception of the caller''s pipeline' {
            {
                ConvertFrom-V2024JsonToJsonPatchOperation '{"op":"remove","path":"/a"}' |
                    ForEach-Object { throw [IO.FileNotFoundException]::new('x') }
            } | Should -Throw -ExceptionType ([IO.FileNotFoundException])
        }
        It 'has an alias with the name in the vendor''s example' {
            (ConvertFrom-JsonToJsonPatchOperation -Json '{"op":"remove","path":"/a"}').path | Should -Be '/a'
        }
    }
}
