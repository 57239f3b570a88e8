# The errors that scripts catch and people read.
Describe 'Errors' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        function Get-Caught { param([scriptblock] $Script) try { $null = & $Script } catch { return $_ } }
        $patch = @{ op = 'replace'; path = '/description'; value = 'x' }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox -Tasks
        Set-DefaultConfiguration -MaximumRetryCount 0 -RetryIntervalSeconds $null
    }

    Context 'a response of the tenant' {
        It '<Status> is <Id>, <Category>' -TestCases @(
            @{ Status = 400; Id = 'BadRequest'; Category = 'InvalidArgument' }
            @{ Status = 401; Id = 'Unauthorized'; Category = 'AuthenticationError' }
            @{ Status = 403; Id = 'Forbidden'; Category = 'PermissionDenied' }
            @{ Status = 404; Id = 'NotFound'; Category = 'ObjectNotFound' }
            @{ Status = 429; Id = 'TooManyRequests'; Category = 'LimitsExceeded' }
            @{ Status = 500; Id = 'ServerError'; Category = 'ResourceUnavailable' }
            @{ Status = 503; Id = 'ServerError'; Category = 'ResourceUnavailable' }
            @{ Status = 418; Id = 'HttpError'; Category = 'InvalidOperation' }
        ) {
            $body = Get-TestJson error-body
            $tracking = '0123456789abcdef0123456789abcdef'
            Add-SandboxResponse $sandbox $Status -Body $body -Times 0
            $caught = Get-Caught { Get-V2024TaskStatus -Id 'some-task' }
            $caught.FullyQualifiedErrorId | Should -Be "$Id,Get-V2024TaskStatus"
            $caught.CategoryInfo.Category | Should -Be $Category
            $caught.TargetObject | Should -Be 'some-task'
            $caught.Exception | Should -BeOfType [Microsoft.PowerShell.Commands.HttpResponseException]
            $caught.Exception.Response.StatusCode.value__ | Should -Be $Status
            $caught.ErrorDetails.Message | Should -BeExactly $body
            "$caught" | Should -BeExactly $body
            $caught.Exception.Message |
                Should -BeLike "*GET /v2024/task-status/some-task*$Status*So war es nicht gemeint – 接続*$tracking*"
        }
        It 'the response in the exception has the headers and the body' {
            $headers = @('content-type', 'text/plain'), @('retry-after', '7')
            Add-SandboxResponse $sandbox 503 -Body 'busy' -Headers $headers -Times 0
            $response = (Get-Caught { Get-V2024TaskStatusList }).Exception.Response
            $response.Headers.RetryAfter.Delta.TotalSeconds | Should -Be 7
            $response.Content.Headers.ContentType.MediaType | Should -Be 'text/plain'
            $response.Content.ReadAsStringAsync().Result | Should -Be 'busy'
        }
        It 'has a message if there is no body' {
            Add-SandboxResponse $sandbox 404 -Body ''
            $caught = Get-Caught { Get-V2024TaskStatus 'some-task' }
            $caught.ErrorDetails.Message | Should -BeLike '*404*'
        }
        It 'has a hint at the usual cause of <Status>' -TestCases @(
            @{ Status = 401; Hint = '*ClientId and ClientSecret*'; Call = { Get-V2024TaskStatus x } }
            @{ Status = 403; Hint = '*token of a user*'; Call = { Update-V2024TaskStatus x $patch } }
            @{ Status = 403; Hint = '*idn:task-management:read*'; Call = { Get-V2024TaskStatus x } }
            @{ Status = 404; Hint = '*90 days*'; Call = { Get-V2024TaskStatus x } }
            @{ Status = 429; Hint = '*rate*'; Call = { Get-V2024TaskStatus x } }
        ) {
            Add-SandboxResponse $sandbox $Status -Body '{"error":"no"}' -Times 0
            (Get-Caught $Call).ErrorDetails.RecommendedAction | Should -BeLike $Hint
        }
        It 'C01: the 400 for type eq "QUARTZ" comes unchanged, after one request, with a hint at the CLOUD_ names' {
            $body = '{"detailMessage":"Error converting Enumerated string (type) value (QUARTZ)"}'
            Add-SandboxResponse $sandbox 400 -Body $body -Times 0
            Set-DefaultConfiguration -MaximumRetryCount 5
            $caught = Get-Caught { Get-V2024TaskStatusList -Filters 'type eq "QUARTZ"' }
            $caught.Exception.Response.StatusCode.value__ | Should -Be 400
            $caught.ErrorDetails.Message | Should -BeExactly $body
            $caught.ErrorDetails.RecommendedAction | Should -BeLike '*CLOUD_*'
            @(Get-SandboxRequest $sandbox).Count | Should -Be 1
        }
        It 'C14: a <Status> on <Operation> is reported after one request' -TestCases @(
            @{ Status = 400; Operation = 'update'; Call = { Update-V2024TaskStatus x $patch } }
            @{ Status = 404; Operation = 'get'; Call = { Get-V2024TaskStatus x } }
            @{ Status = 403; Operation = 'list'; Call = { Get-V2024TaskStatusList } }
            @{ Status = 500; Operation = 'update'; Call = { Update-V2024TaskStatus x $patch } }
        ) {
            Set-DefaultConfiguration -MaximumRetryCount 5 -RetryIntervalSeconds 0
            Add-SandboxResponse $sandbox $Status -Body '{}' -Times 0
            (Get-Caught $Call).Exception.Response.StatusCode.value__ | Should -Be $Status
            @(Get-SandboxRequest $sandbox).Count | Should -Be 1
        }
        It 'C14: a refused token is renewed once, then reported' {
            Set-DefaultConfiguration -MaximumRetryCount 5
            Add-SandboxResponse $sandbox 401 -Body '{"error":"JWT validation failed: JWT is expired"}' -Times 0
            (Get-Caught { Get-V2024TaskStatus x }).Exception.Response.StatusCode.value__ | Should -Be 401
            @(Get-SandboxRequest $sandbox).Count | Should -Be 2
        }
    }

    Context 'what is shown' {
        BeforeAll {
            $rendering = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = 'PlainText'
            $long = 'words ' * 500
            $text = "{`"trackingId`":`"a\u001b[2Jb`",`"messages`":[{`"text`":`"No\u202e task\r\n, $long`"}]}"
            function Get-Shown {
                param([string] $ErrorView, [scriptblock] $Call = { Get-V2024TaskStatus x -ErrorAction Continue })
                & $Call 2>&1 | Out-String -Width 1000
            }
        }
        AfterAll { $PSStyle.OutputRendering = $rendering }
        BeforeEach { Add-SandboxResponse $sandbox 404 -Body $text -Times 0 }
        It '<View>: what happened, the tenant''s words, the tracking id and the hint, not the body' -TestCases @(
            @{ View = 'ConciseView'; Position = '*Line |*|*~~~*' }
            @{ View = 'NormalView'; Position = '*At *char:*+*~~~*CategoryInfo*NotFound,Get-V2024TaskStatus*' }
        ) {
            $shown = Get-Shown $View
            $shown | Should -BeLike $Position
            $line = $shown -replace '\s*\n\s*\| ', ' '
            $line | Should -BeLike "*GET /v2024/task-status/x: 404 Not Found: No`u{fffd} task␍␊, words *"
            $line | Should -BeLike '*tracking id a␛`[2Jb*'
            $line | Should -BeLike '*Recommendation: there is no task status with this id*'
            $shown | Should -Not -Match '[\p{Cc}\u202e-[\r\n]]|trackingId'
            $shown.Length | Should -BeLessThan 1500
        }
        It 'CategoryView is the category' {
            Get-Shown CategoryView |
                Should -Match '^ObjectNotFound: \(x:String\) \[Get-V2024TaskStatus\], HttpResponseException\s+$'
            Get-Shown CategoryView { Get-V2024TaskStatus "x`e`u{202e}" -ErrorAction Continue } |
                Should -BeLike "*(x␛`u{fffd}:String)*"
        }
        It 'DetailedView also has the beginning of the body, and Get-Error all of it' {
            $shown = Get-Shown DetailedView
            $shown | Should -BeLike '*FullyQualifiedErrorId : NotFound,Get-V2024TaskStatus*'
            $hint = 'there is no task status with this id'
            $shown | Should -BeLike "*Recommendation : $hint*ErrorDetails*{`"trackingId`":*…*"
            [regex]::Matches($shown, 'there is no task status').Count | Should -Be 1
            $shown | Should -Not -Match '[\p{Cc}\u202e-[\r\n]]'
            $shown | Should -Not -BeLike '*words "}]}*'
            Get-V2024TaskStatus x -ErrorAction SilentlyContinue
            Get-Error | Out-String -Width 9000 | Should -BeLike "*ErrorDetails*words words `"}]}*"
            $Error[0].ErrorDetails.Message | Should -BeExactly $text
        }
        It 'the record in $Error and in a variable is shown like the error itself, in strict mode, too' {
            Set-StrictMode -Version Latest
            Get-V2024TaskStatus x -ErrorAction SilentlyContinue -ErrorVariable record
            foreach ($one in $Error[0], $record[0]) {
                $one | Out-String -Width 1000 |
                    Should -BeLike '*| GET /v2024/task-status/x: 404 Not Found*Recommendation*'
            }
        }
        It 'ErrorDetails of <What> has no such characters, and the response has them unchanged' -TestCases @(
            @{
                What = 'a JSON body'
                Body = "{`"a`":`"\u001b`u{9b}2J`u{7f}`u{202e}ä`",`r`n`t`"messages`":[]}"
                Shown = "{`"a`":`"\u001b\u009b2J\u007f\u202eä`", `n`t`"messages`":[]}"
            }
            @{ What = 'another body'; Body = "<p>`e[2J`r`n`tä`u{202e}</p>"; Shown = "<p>␛[2J `n`tä`u{fffd}</p>" }
        ) {
            Reset-Sandbox $sandbox
            Add-SandboxResponse $sandbox 404 -Body $Body -Times 0
            $caught, $written = (Get-Caught { Get-V2024TaskStatus x }), $null
            Get-V2024TaskStatus x -ErrorAction SilentlyContinue -ErrorVariable written
            # A catch block and a job have a copy of the record, which PowerShell's own view shows.
            $job = Start-ThreadJob {
                Import-Module $using:env:V2024_TEST_MODULE
                try { Get-V2024TaskStatus x } catch { $_ }
            }
            foreach ($record in $caught, $written[0], ($job | Receive-Job -Wait -AutoRemoveJob)) {
                $record.ErrorDetails.Message | Should -BeExactly $Shown
                $record.Exception.Response.Content.ReadAsStringAsync().Result | Should -BeExactly $Body
                $record | Out-String -Width 1000 | Should -Not -Match '[\p{Cc}\u202e-[\r\n\t]]'
            }
        }
        It 'the category of an error about several tasks names them' {
            Set-DefaultConfiguration -BaseUrl 'ftp://t.test'
            try { $caught = Get-Caught { Wait-V2024TaskStatus a, "b`e" } }
            finally { Set-DefaultConfiguration -BaseUrl $null }
            "$($caught.CategoryInfo)" |
                Should -BeExactly 'InvalidOperation: (a, b␛:List`1) [Wait-V2024TaskStatus], InvalidOperationException'
        }
        It 'an error without a body is shown, too' {
            Get-Shown ConciseView { Get-V2024TaskStatus @{} -ErrorAction Continue } |
                Should -BeLike '*-Id was given an object without an id*'
            Reset-Sandbox $sandbox
            $ended = '"completed":"2025-01-02T03:04:05Z","completionStatus":"ERROR"'
            Set-SandboxTask $sandbox "{`"id`":`"f`",`"uniqueName`":`"A\u001bB`",$ended}"
            Get-Shown CategoryView { Wait-V2024TaskStatus f -TimeoutSeconds 5 -ErrorAction Continue } |
                Should -BeLike '*InvalidResult: (f:V2024.TaskStatus) `[Wait-V2024TaskStatus], InvalidOp*'
        }
        It 'an uncaught error, and one that a script goes on after, are shown so on standard error' {
            $run = Invoke-Child @'
$ErrorView = 'ConciseView'
Get-V2024TaskStatus x -ErrorAction Continue
Get-V2024TaskStatus x
'@
            $words = '*GET /v2024/task-status/x: 404 Not Found: No*Recommendation: there is no task status*'
            $run.Errors | Should -BeLike ($words + $words)
            $run.Errors | Should -Not -Match 'trackingId|\u202e|\e\[2J'
        }
        It 'a copy of the record, as a catch block has it, has the words below the body' {
            Reset-Sandbox $sandbox
            Add-SandboxResponse $sandbox 404 -Body '{"trackingId":"a","messages":[{"text":"No\u202e task"}]}' -Times 0
            $words = "*there is no task status with this id; tasks older than 90 days are not kept " +
                "(GET /v2024/task-status/x: 404 Not Found: No`u{fffd} task ``[tracking id a``])*"
            $ErrorView = 'ConciseView'
            try { Get-V2024TaskStatus x }
            catch { $shown = ($_ | Out-String -Width 1000), ($Error[0] | Out-String -Width 1000) }
            $shown | Should -BeLike $words
        }
        It 'Get-Error has the words and the hint, of the record and of the copy in a catch block' {
            Reset-Sandbox $sandbox
            $body = '{"trackingId":"a","messages":[{"text":"No\u202e task"}]}'
            $headers = @('content-type', 'application/json'), @('x-odd', "a`u{9b}2J`u{202e}b")
            Add-SandboxResponse $sandbox 404 -Body $body -Headers $headers -Times 0
            $words = "GET /v2024/task-status/x: 404 Not Found: No`u{fffd} task ``[tracking id a``]"
            $hint = 'there is no task status with this id; tasks older than 90 days are not kept'
            Get-V2024TaskStatus x -ErrorAction SilentlyContinue -ErrorVariable records
            $shown = @(
                Get-Error | Out-String -Width 500
                $records[0] | Get-Error | Out-String -Width 500
                try { Get-V2024TaskStatus x } catch { $_ | Get-Error | Out-String -Width 500 }
                Get-Error | Out-String -Width 500
            )
            $shown.Count | Should -Be 4
            $shown | Should -BeLike "*x-odd: a`u{fffd}2J`u{fffd}b*Message *: $words*Recommendation : $hint*"
            $shown | Should -Not -Match '[\p{Cc}\u202e-[\r\n]]'
        }
        It 'a record of Import-Clixml is shown like the error itself: <View>' -TestCases @(
            @{ View = 'ConciseView' }
            @{ View = 'NormalView' }
            @{ View = 'CategoryView' }
        ) {
            Get-V2024TaskStatus x -ErrorAction SilentlyContinue -ErrorVariable record
            $record[0] | Export-Clixml "$TestDrive/record.xml"
            $read = Import-Clixml "$TestDrive/record.xml"
            $read.psobject.TypeNames[0] | Should -Be 'Deserialized.V2024.ErrorRecord'
            $ErrorView = $View
            $own, $copy = $record[0], $read | ForEach-Object { ($_ | Out-String -Width 1000).Trim() }
            $copy | Should -BeExactly $own
            if ($View -ne 'CategoryView') { $copy | Should -BeLike '*404 Not Found*Recommendation: there is no task*' }
            $ErrorView = 'DetailedView'
            $read | Out-String -Width 1000 | Should -BeLike '*404 Not Found*Recommendation: there is no task*'
        }
        It 'records of a job have the words and the hint, and nothing raw or secret: <How>' -TestCases @(
            @{ How = 'written'; Line = 'Get-V2024TaskStatus x -ErrorAction Continue' }
            @{ How = 'thrown'; Line = 'Get-V2024TaskStatus x' }
            @{ How = 'caught'; Line = 'try { Get-V2024TaskStatus x } catch { $_ }' }
        ) {
            $job = Start-Job -ScriptBlock ([scriptblock]::Create("Import-Module '$env:V2024_TEST_MODULE'`n$Line"))
            $errors = $null
            $got = @($job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable errors)
            $record = @($errors; $got)
            $record.Count | Should -Be 1
            $record = $record[0]
            $words = 'GET /v2024/task-status/x: 404 Not Found: No*tracking id a␛`[2Jb*'
            $hint = 'there is no task status with this id*'
            $record.Exception.Message | Should -BeLike $words
            $record.FullyQualifiedErrorId | Should -Be 'NotFound,Get-V2024TaskStatus'
            # What a job writes as output is an object with other members.
            $advice = $record -is [Management.Automation.ErrorRecord] ? $record.ErrorDetails.RecommendedAction :
                $record.ErrorDetails_RecommendedAction
            $advice | Should -BeLike $hint
            $shown = $record | Out-String -Width 5000
            $shown | Should -BeLike "*$words*"
            $everything = $shown, ($record | Format-List * -Force | Out-String -Width 5000),
                [Management.Automation.PSSerializer]::Serialize($record, 4) -join ''
            $everything | Should -Not -Match '[\p{Cc}\u202e-[\r\n\t]]'
            $everything.Contains($sandbox.ClientSecret) | Should -BeFalse
        }
        It 'no stream or variable of a failure has a secret' {
            Reset-Sandbox $sandbox
            # A tenant that repeats what it received.
            $body = "{`"messages`":[{`"text`":`"secret $($sandbox.ClientSecret)`"}]}"
            Add-SandboxResponse $sandbox 401 -Body $body -Operation token -Times 0
            $null = Invoke-RestMethod -Method Post "$($sandbox.BaseUrl)/sandbox/expire-tokens"
            Set-DefaultConfiguration -MaximumRetryCount 1
            $told = Get-V2024TaskStatus x -ErrorAction SilentlyContinue -ErrorVariable records -Verbose 4>&1
            $caught = Get-Caught { Get-V2024TaskStatus x }
            $records.Count | Should -Be 1
            "$told" | Should -BeLike '*/oauth/token returned 401*'
            "$told".Contains($sandbox.ClientSecret) | Should -BeFalse
            foreach ($record in $records[0], $caught) {
                $record.Exception.Message | Should -BeLike '*401 Unauthorized*'
                $everything = ($record | Get-Error | Out-String -Width 5000),
                    ($record | Format-List * -Force | Out-String -Width 5000),
                    $record.Exception.Response.Content.ReadAsStringAsync().Result,
                    [Management.Automation.PSSerializer]::Serialize($record, 6) -join ''
                $everything | Should -BeLike '*secret ****'
                $everything.Contains($sandbox.ClientSecret) | Should -BeFalse
            }
        }
        It 'without a hint, a copy has the words, and the error itself recommends nothing' {
            Reset-Sandbox $sandbox
            Add-SandboxResponse $sandbox 418 -Body '{}' -Times 0
            (Get-Caught { Get-V2024TaskStatus x }).ErrorDetails.RecommendedAction |
                Should -BeExactly "(GET /v2024/task-status/x: 418 I'm a teapot: {})"
            Get-V2024TaskStatus x -ErrorAction Continue 2>&1 | Out-String |
                Should -Not -BeLike '*Recommendation*'
        }
        It 'the module replaces the same characters as the client' {
            $type = InModuleScope V2024TaskManagement { $script:Interop.GetType('V2024.Printable') }
            $printable = $type.GetMethod('From', [Reflection.BindingFlags] 'NonPublic, Static')
            $compared = 0
            for ($first = 0; $first -lt 0x10000; $first += 256) {
                $characters = [char[]] ($first..($first + 255)).Where{ $_ -lt 0xd800 -or $_ -gt 0xdfff }
                if (-not $characters) { continue }
                $given = "<$(-join $characters)>"
                Reset-Sandbox $sandbox
                Add-SandboxResponse $sandbox 404 -Body (ConvertTo-Json @{ messages = @(@{ text = $given }) })
                $message = (Get-Caught { Get-V2024TaskStatus x }).Exception.Message
                $message.Contains($printable.Invoke($null, @($given))) | Should -BeTrue -Because "from $first on"
                $compared += $characters.Count
            }
            $compared | Should -Be (0x10000 - 0x800)
        }
    }

    Context 'no response' {
        It 'a tenant that cannot be reached is a ConnectionFailed, HttpRequestException' {
            $env:SAIL_BASE_URL = 'http://127.0.0.1:9'
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Use-Sandbox $sandbox }
            $caught.FullyQualifiedErrorId | Should -Be 'ConnectionFailed,Get-V2024TaskStatus'
            $caught.CategoryInfo.Category | Should -Be 'ConnectionError'
            $caught.Exception | Should -BeOfType [Net.Http.HttpRequestException]
            $caught.Exception.Message | Should -BeLike '*127.0.0.1:9*'
        }
        It 'a proxy that is not there is named with what gives it, and without its password' {
            $env:HTTPS_PROXY = 'http://me:p4ssw0rd@127.0.0.1:9'
            Set-DefaultConfiguration -BaseUrl 'https://tenant.invalid' -Token t
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally {
                Remove-Item Env:HTTPS_PROXY
                Set-DefaultConfiguration -BaseUrl $null -Token $null
            }
            $caught.FullyQualifiedErrorId | Should -Be 'ConnectionFailed,Get-V2024TaskStatus'
            $caught.Exception.Message |
                Should -BeLike 'cannot connect to https://tenant.invalid through the proxy http://127.0.0.1:9: *'
            $caught.ErrorDetails.RecommendedAction | Should -BeExactly ('check the proxy, BaseUrl and the network; ' +
                'the proxy http://127.0.0.1:9 is given by HTTPS_PROXY (from the environment)')
            $caught | Get-Error | Out-String -Width 500 | Should -Not -BeLike '*p4ssw0rd*'
        }
        It 'a tenant that does not respond in time is a Timeout' {
            Add-SandboxFault $sandbox 'hang'
            Set-DefaultConfiguration -TimeoutSeconds 0.3
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Set-DefaultConfiguration -TimeoutSeconds $null }
            $caught.FullyQualifiedErrorId | Should -Be 'Timeout,Get-V2024TaskStatus'
            $caught.CategoryInfo.Category | Should -Be 'OperationTimeout'
            $caught.Exception | Should -BeOfType [Net.Http.HttpRequestException]
        }
        It 'a response that is not JSON is an InvalidResponse' {
            Add-SandboxResponse $sandbox 200 -Body '<html>proxy</html>'
            (Get-Caught { Get-V2024TaskStatus x }).FullyQualifiedErrorId |
                Should -Be 'InvalidResponse,Get-V2024TaskStatus'
        }
    }

    Context 'what a test cannot bring about' {
        It '<Code> is <Id>, <Category>, <Exception>' -TestCases @(
            @{
                Code = 'resources'; Id = 'ResourcesExhausted'; Category = 'ResourceUnavailable'
                Exception = [InvalidOperationException]
            }
            @{
                Code = 'incomplete'; Id = 'ListIncomplete'; Category = 'InvalidResult'
                Exception = [Net.Http.HttpRequestException]
            }
        ) {
            $record = InModuleScope V2024TaskManagement -Parameters @{ Code = $Code } {
                $script:Interop.GetType('V2024.Response')::Failed($Code, 'words').ErrorRecord('target')
            }
            $record.FullyQualifiedErrorId | Should -Be $Id
            $record.CategoryInfo.Category | Should -Be $Category
            $record.Exception.GetType() | Should -Be $Exception
            $record.Exception.Message | Should -Be 'words'
        }
    }

    Context 'before any request' {
        It 'without settings the error names the missing settings and their sources' {
            Use-Home $TestDrive
            Remove-Item Env:SAIL_*
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Use-Home $HOME; Use-Sandbox $sandbox }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidSettings,Get-V2024TaskStatus'
            $caught.Exception | Should -BeOfType [InvalidOperationException]
            foreach ($part in 'BaseUrl', 'ClientId', 'ClientSecret', 'SAIL_BASE_URL', 'config.json', 'config.yaml') {
                $caught.Exception.Message | Should -BeLike "*$part*"
            }
        }
        It 'of three settings only the missing one is asked for' {
            Use-Home $TestDrive
            Remove-Item Env:SAIL_CLIENT_SECRET
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Use-Home $HOME; Use-Sandbox $sandbox }
            $caught.Exception.Message | Should -BeLike ('settings missing: ClientSecret (found BaseUrl from the ' +
                'environment, ClientId from the environment); looked in Set-DefaultConfiguration, the environment ' +
                '(SAIL_CLIENT_SECRET), *')
            $caught.ErrorDetails.RecommendedAction |
                Should -BeExactly 'set SAIL_CLIENT_SECRET, or give it to Set-DefaultConfiguration'
        }
        It 'an invalid <Name> is named with the cmdlet that gave it: <Message>' -TestCases @(
            @{ Name = 'BaseUrl'; Value = 'ftp://t.test'; Message = 'is not an http or https address' }
            @{
                Name = 'BaseUrl'; Value = 'https://TENANT.api.identitynow.com'
                Message = 'has a placeholder instead of the tenant''s name'
            }
            @{
                Name = 'BaseUrl'; Value = 'https://acme.identitynow.com'
                Message = 'is the tenant''s address for browsers, not that of its API'
            }
            foreach ($name in 'ConsumerIdentifier', 'ConsumerVersion') {
                @{ Name = $name; Value = 'ä'; Message = 'must be ASCII text' }
            }
            @{ Name = 'Token'; Value = 'ä'; Message = 'has characters that no token has' }
            @{ Name = 'Token'; Value = "a`e"; Message = 'must be text without control characters' }
            @{
                Name = 'NermBaseUrl'; Value = "a`e"
                Message = 'must be text without control characters, not "a\u{1b}"'
            }
            @{ Name = 'Proxy'; Value = 'ftp://p.test'; Message = 'has a scheme that is not supported for proxies' }
            ($IsWindows ? 'C:\no\such.pem' : '/no/such.pem').ForEach{
                @{ Name = 'CertificateAuthority'; Value = $_; Message = "cannot be read at ${_}: not there" }
            }
            @{ Name = 'TokenUrl'; Value = 'ftp://t.test'; Message = 'is not an http or https address' }
            @{
                Name = 'ApiVersion'; Value = 'v1999'
                Message = 'must be one of v2024, v2025, v2026, beta, latest, v1, not "v1999"'
            }
            foreach ($name in 'TimeoutSeconds', 'ConnectTimeoutSeconds', 'AttemptTimeoutSeconds') {
                @{ Name = $name; Value = 0; Message = 'must be a number of seconds from 0.001 to 86400, not 0' }
            }
            @{ Name = 'MaximumRetryCount'; Value = -1; Message = 'must be a whole number from 0, not -1' }
            @{
                Name = 'RetryIntervalSeconds'; Value = -1
                Message = 'must be a number of seconds from 0 to 86400, not -1'
            }
            @{ Name = 'PagesAhead'; Value = 0; Message = 'must be a whole number from 1 to 100, not 0' }
        ) {
            # Proxies and certificates are not looked at for an address of this machine over plain http.
            $setting = @{ BaseUrl = 'https://t.test' }
            $setting[$Name] = $Value
            Set-DefaultConfiguration @setting
            $setting[$Name] = $setting.BaseUrl = $null
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Set-DefaultConfiguration @setting }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidSettings,Get-V2024TaskStatus'
            $caught.Exception.Message | Should -BeExactly "$Name (from Set-DefaultConfiguration) $Message"
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'an invalid <Name> of config.json is named with the file' -TestCases @(
            @{ Name = 'BaseUrl'; Value = '5'; Message = 'must be text' }
            @{ Name = 'ClientId'; Value = '5'; Message = 'must be text' }
            @{ Name = 'ClientSecret'; Value = '5'; Message = 'must be text' }
            @{ Name = 'TokenUrl'; Value = '"ftp://t.test"'; Message = 'is not an http or https address' }
            @{ Name = 'ApiVersion'; Value = '"x"'; Message = 'must be one of *, not "x"' }
            @{ Name = 'ConsumerVersion'; Value = '"ä"'; Message = 'must be ASCII text' }
            @{ Name = 'Token'; Value = '"ä"'; Message = 'has characters that no token has' }
            @{
                Name = 'TokenExpiration'; Value = '"yesterday"'
                Message = 'must be an ISO 8601 date with its offset, not "yesterday"'
            }
        ) {
            $given = [ordered] @{
                BaseUrl = "`"$($sandbox.BaseUrl)`""; ClientId = "`"$($sandbox.ClientId)`""
                ClientSecret = "`"$($sandbox.ClientSecret)`""
            }
            $given[$Name] = $Value
            $folder = (New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())").FullName
            $members = foreach ($member in $given.Keys) { "`"$member`":$($given[$member])" }
            Set-Content "$folder/config.json" "{$($members -join ',')}"
            Remove-Item Env:SAIL_*
            Push-Location $folder
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally {
                Pop-Location
                Use-Sandbox $sandbox
            }
            $caught.Exception.Message |
                Should -BeLike "$Name (from $([IO.Path]::Combine($folder, 'config.json'))) $Message"
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'a -Token that is rejected is not followed by the client of the environment' {
            Set-DefaultConfiguration -Token 'rejected'
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Set-DefaultConfiguration -Token $null }
            $caught.FullyQualifiedErrorId | Should -Be 'Unauthorized,Get-V2024TaskStatus'
            $caught.Exception.Message | Should -BeLike ('*; the given Token, from Set-DefaultConfiguration, is not ' +
                'replaced by the ClientId and ClientSecret from the environment')
            $caught.ErrorDetails.RecommendedAction |
                Should -BeLike 'give a new Token, or remove Token from Set-DefaultConfiguration to use *'
            (Get-SandboxRequest $sandbox -All).operation | Should -Be 'get'
        }
        It 'nor if settings were saved and given back' {
            $run = Invoke-Child @'
Set-DefaultConfiguration -Token rejected
$saved = Get-DefaultConfiguration
Set-DefaultConfiguration @saved
try { Get-V2024TaskStatus x } catch { $_.FullyQualifiedErrorId }
'@
            $run.Output | Should -BeExactly 'Unauthorized,Get-V2024TaskStatus'
            (Get-SandboxRequest $sandbox -All).operation | Should -Be 'get'
        }
        It 'wrong credentials are one clear error' {
            $env:SAIL_CLIENT_SECRET = 'wrong-secret'
            try { $caught = Get-Caught { Get-V2024TaskStatus x } }
            finally { Use-Sandbox $sandbox }
            $caught.FullyQualifiedErrorId | Should -Be 'AuthenticationFailed,Get-V2024TaskStatus'
            $caught.CategoryInfo.Category | Should -Be 'AuthenticationError'
            $caught.Exception | Should -BeOfType [Microsoft.PowerShell.Commands.HttpResponseException]
            $caught.Exception.Response.StatusCode.value__ | Should -Be 401
            $caught.Exception.Message | Should -BeLike '*invalid client credentials*'
            (Get-SandboxRequest $sandbox -All).operation | Should -Be 'token'
        }
        It '<Name> refuses <What> instead of an id' -TestCases $(
            $calls = @(
                @{ Name = 'Get-V2024TaskStatus'; Call = { Get-V2024TaskStatus -Id $args[0] } }
                @{
                    Name = 'Update-V2024TaskStatus'
                    Call = { Update-V2024TaskStatus -Id $args[0] -JsonPatchOperation @{ op = 'remove'; path = '/id' } }
                }
                @{
                    Name = 'Complete-V2024PendingTask'
                    Call = { Complete-V2024PendingTask -Id $args[0] -Confirm:$false }
                }
                @{ Name = 'Wait-V2024TaskStatus'; Call = { Wait-V2024TaskStatus -Id $args[0] } }
            )
            $without = '-Id was given an object without an id: pass an id, or an object with one'
            $values = @(
                @{ What = 'a hashtable'; Value = @{ name = 'x' }; Message = $without }
                @{ What = 'an object'; Value = [pscustomobject] @{ name = 'x' }; Message = $without }
                @{ What = 'a class instance'; Value = [Text.StringBuilder]::new('x'); Message = $without }
                @{
                    What = 'an id that was read as a number'
                    Value = 00000000000000000000000000000e12
                    Message = '-Id was given a number instead of an id: put the id in quotes'
                }
            )
            foreach ($call in $calls) { foreach ($value in $values) { $call + $value } }
        ) {
            $caught = Get-Caught { . $Call $Value }
            $caught.FullyQualifiedErrorId, $caught.Exception.Message | Should -Be "InvalidArgument,$Name", $Message
            $caught.TargetObject | Should -Be $Value
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
        It 'an id is read from <What>, given and piped' -TestCases @(
            @{ What = 'a task'; Get = { $args[0] } }
            @{ What = 'a hashtable'; Get = { @{ Id = $args[0].id; name = 'x' } } }
            @{ What = 'an ordered dictionary'; Get = { [ordered] @{ name = 'x'; id = $args[0].id } } }
            @{ What = 'an object'; Get = { [pscustomobject] @{ ID = $args[0].id } } }
        ) {
            $task = Get-V2024TaskStatusList -Limit 1 -CompletionStatus SUCCESS
            $value = & $Get $task
            (Get-V2024TaskStatus $value).id, ($value | Get-V2024TaskStatus).id | Should -Be $task.id, $task.id
            (Wait-V2024TaskStatus $value).id, ($value | Wait-V2024TaskStatus).id | Should -Be $task.id, $task.id
            (Update-V2024TaskStatus $value $patch).id, ($value | Update-V2024TaskStatus -JsonPatchOperation $patch).id |
                Should -Be $task.id, $task.id
            (Complete-V2024PendingTask $value -WarningVariable warned 3>$null) | Should -BeNullOrEmpty
            $warned.Message | Should -BeLike "Skipped *$($task.id)*"
        }
        It 'a [guid] is the id that it shows as text, given and piped' {
            $id = [guid] '0123456789abcdef0123456789abcdef'
            $calls = { Get-V2024TaskStatus $id }, { $id | Get-V2024TaskStatus },
                { Wait-V2024TaskStatus $id }, { Update-V2024TaskStatus $id $patch },
                { $id | Update-V2024TaskStatus -JsonPatchOperation $patch },
                { Complete-V2024PendingTask $id -Confirm:$false }, { Get-V2024TaskStatus @{ id = $id } }
            foreach ($call in $calls) {
                Reset-Sandbox $sandbox
                (Get-Caught $call).Exception.Message | Should -BeLike "*$id*"
                @((Get-SandboxRequest $sandbox).path)[0] | Should -BeLike "*/01234567-89ab-cdef-0123-456789abcdef"
            }
        }
        It 'half a surrogate pair in <What> is refused' -TestCases @(
            @{
                What = 'an id'
                Call = { param($Half) Get-V2024TaskStatus $Half -ErrorAction SilentlyContinue -ErrorVariable +records }
            }
            @{
                What = 'the id of an update'
                Call = {
                    param($Half)
                    Update-V2024TaskStatus $Half $patch -ErrorAction SilentlyContinue -ErrorVariable +records
                }
            }
            @{
                What = 'the id of a task to complete'
                Call = {
                    param($Half)
                    $options = @{ Confirm = $false; ErrorAction = 'SilentlyContinue'; ErrorVariable = '+records' }
                    Complete-V2024PendingTask $Half @options
                }
            }
            @{
                What = 'a filter'
                Call = {
                    param($Half)
                    Get-V2024TaskStatusList -Filters $Half -ErrorAction SilentlyContinue -ErrorVariable +records
                }
            }
        ) {
            $half = "a$([char] 0xDC00)"
            $records = [Collections.ArrayList]::new()
            . $Call $half | Should -BeNullOrEmpty
            $records.Count | Should -Be 1
            $records[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*-V2024*'
            $records[0].TargetObject | Should -BeExactly $half
            (Get-Caught { Get-V2024TaskStatus $half }).FullyQualifiedErrorId |
                Should -Be 'InvalidArgument,Get-V2024TaskStatus'
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
        It 'a patch that is <What> is refused' -TestCases @(
            @{ What = 'not JSON'; Given = 'nonsense' }
            @{ What = 'a JSON number'; Given = '1' }
            @{ What = 'without op'; Given = @{ path = '/x' } }
            @{ What = 'with an unknown op'; Given = @{ op = 'set'; path = '/x' } }
            @{ What = 'without path'; Given = @{ op = 'remove' } }
            @{ What = 'a number'; Given = 5 }
        ) {
            $caught = Get-Caught { Update-V2024TaskStatus -Id x -JsonPatchOperation $Given }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Update-V2024TaskStatus'
            $caught.Exception | Should -BeOfType [ArgumentException]
            $caught.TargetObject | Should -Be 'x'
            Get-SandboxRequest $sandbox | Should -BeNullOrEmpty
        }
    }

    Context '-ErrorAction' {
        It '<_> writes one record per item and continues' -TestCases 'Continue', 'SilentlyContinue' {
            $good = (Get-V2024TaskStatusList -Limit 1).id
            $results = 'gone-1', $good, 'gone-2' | Get-V2024TaskStatus -ErrorAction $_ -ErrorVariable records 2>$null
            $results.id | Should -Be $good
            $records.FullyQualifiedErrorId | Should -Be (, 'NotFound,Get-V2024TaskStatus' * 2)
            $records.TargetObject | Should -Be 'gone-1', 'gone-2'
        }
        It 'Ignore leaves nothing in $Error' {
            $before = $global:Error.Count
            'gone-1', 'gone-2' | Get-V2024TaskStatus -ErrorAction Ignore | Should -BeNullOrEmpty
            $global:Error.Count | Should -Be $before
        }
        It 'Stop, or no -ErrorAction, ends the pipeline at the first error' -TestCases @{ ErrorAction = 'Stop' }, @{} {
            $given = $_
            $caught = Get-Caught { 'gone-1', 'gone-2' | Get-V2024TaskStatus -ThrottleLimit 1 @given }
            $caught.TargetObject | Should -Be 'gone-1'
            @(Get-SandboxRequest $sandbox).Count | Should -Be 1
        }
        It '$ErrorActionPreference SilentlyContinue is respected' {
            $ErrorActionPreference = 'SilentlyContinue'
            Get-V2024TaskStatus 'gone' | Should -BeNullOrEmpty
        }
        It 'catch by type works' {
            try { Get-V2024TaskStatus 'gone'; $what = 'nothing' }
            catch [Microsoft.PowerShell.Commands.HttpResponseException] { $what = 'response' }
            catch { $what = 'else' }
            $what | Should -Be 'response'
        }
        It 'an exception of the caller further down the pipeline passes through unchanged: <_>' -TestCases @(
            { Get-V2024TaskStatusList -Limit 3 }, { Get-V2024PendingTasks -All }
            { Get-V2024PendingTasks -Limit 1 -WithHttpInfo }
            { Get-V2024PendingTasks -Limit 1 -Raw }, { Get-V2024PendingTaskHeaders -Count $true }
        ) {
            $list = $_
            foreach ($action in 'Stop', 'SilentlyContinue') {
                $PSDefaultParameterValues = @{ '*-V2024*:ErrorAction' = $action }
                { & $list | ForEach-Object { throw [IO.FileNotFoundException]::new('x') } } |
                    Should -Throw -ExceptionType ([IO.FileNotFoundException])
            }
        }
        It 'C37: a loop continues after a token endpoint failure, with Continue, and with Stop and catch' {
            $ids = (Get-V2024TaskStatusList -Limit 3).id
            foreach ($action in 'Continue', 'Stop') {
                Set-DefaultConfiguration -MaximumRetryCount 1 -RetryIntervalSeconds 0
                $turn = 0
                $got = foreach ($id in $ids) {
                    # In the second of three turns the token is refused, and the endpoint gives no new one.
                    Reset-Sandbox $sandbox
                    if (++$turn -eq 2) {
                        $null = Invoke-RestMethod -Method Post "$($sandbox.BaseUrl)/sandbox/expire-tokens"
                        Add-SandboxResponse $sandbox 503 -Body '{"error":"down"}' -Operation token -Times 0
                    }
                    try {
                        $task = Get-V2024TaskStatus $id -ErrorAction $action -ErrorVariable records 2>$null
                        if ($task) { $task.id } else { $records[0].FullyQualifiedErrorId }
                    }
                    catch { $_.FullyQualifiedErrorId }
                }
                $got | Should -Be $ids[0], 'ServerError,Get-V2024TaskStatus', $ids[2]
            }
        }
    }

    Context 'in a script' {
        It 'an uncaught error ends the script with exit code 1, and points at its line' {
            $run = Invoke-Child "`$ErrorView = 'ConciseView'`n'before'`nGet-V2024TaskStatus -Id 'gone'`n'after'"
            $run.ExitCode | Should -Be 1
            $run.Output | Should -Be 'before'
            $run.Errors | Should -BeLike "*Get-V2024TaskStatus: $($run.File):4*Get-V2024TaskStatus -Id 'gone'*"
            $run.Errors | Should -Not -BeLike '*.psm1*'
        }
        It 'an unreachable tenant does the same, and catch and finally run' {
            $run = Invoke-Child -Environment @{ SAIL_BASE_URL = 'http://127.0.0.1:9' } @'
Set-DefaultConfiguration -MaximumRetryCount 0
foreach ($i in 1..3) { try { Get-V2024TaskStatus x } catch { "caught $i" } finally { "finally $i" } }
'loop over'
Get-V2024TaskStatus x
'after'
'@
            $run.Output -split "`n" |
                Should -Be 'caught 1', 'finally 1', 'caught 2', 'finally 2', 'caught 3', 'finally 3', 'loop over'
            $run.ExitCode | Should -Be 1
            $run.Errors | Should -BeLike '*127.0.0.1:9*'
        }
        It 'the error record has the line of the caller, and is in $Error once' {
            $run = Invoke-Child @'
try { Get-V2024TaskStatus gone }
catch { $_.InvocationInfo.ScriptLineNumber; $_.InvocationInfo.MyCommand.Name; $Error.Count }
'@
            $run.Output -split "`n" | Should -Be '2', 'Get-V2024TaskStatus', '1'
        }
    }
}
