# C38: client secret, token and proxy password appear in no output.
Describe 'Secrets' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $token = New-SandboxToken $sandbox
    }
    AfterAll { Stop-Sandbox }

    It 'appear in no stream, error record or exception: <Name>' -TestCases @(
        @{
            Name = 'calls that work'
            Shows = '*GET */v2024/task-status/pending-tasks* returned 200*'
            Script = {
                Get-V2024PendingTasks -Limit 1
                Get-V2024TaskStatusList -Limit 1 -WithHttpInfo
                Get-V2024PendingTaskHeaders -Count $true
                Get-V2024PendingTasks -Limit 1 |
                    Update-V2024TaskStatus -JsonPatchOperation @{ op = 'replace'; path = '/description'; value = 'x' }
            }
        }
        @{ Name = 'an unknown task'; Shows = '*GET */gone returned 404*'; Script = { Get-V2024TaskStatus gone } }
        @{
            Name = 'a refused secret'
            Shows = '*POST */oauth/token returned 401*'
            Script = { $env:SAIL_CLIENT_SECRET = "$env:SAIL_CLIENT_SECRET-wrong"; Get-V2024TaskStatus gone }
        }
        @{
            Name = 'a given token'
            Shows = '*GET */gone returned 404*'
            Script = {
                Set-DefaultConfiguration -Token $env:TEST_TOKEN -ClientSecret '' -PassThru
                Remove-Item Env:SAIL_CLIENT_*
                Get-V2024PendingTasks -Limit 1
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'a given secret'
            Shows = '*GET */gone returned 404*'
            Script = {
                Set-DefaultConfiguration -ClientSecret $env:SAIL_CLIENT_SECRET -PassThru
                Get-DefaultConfiguration
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'no connection'
            Shows = '*127.0.0.1:9*(attempt 2)*'
            Script = {
                Set-DefaultConfiguration -MaximumRetryCount 1 -RetryIntervalSeconds 0
                $env:SAIL_BASE_URL = 'http://127.0.0.1:9'
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'a proxy with a password'
            Shows = '*tenant.example*'
            Script = {
                $proxy = "http://user:$($env:TEST_PROXY_PASSWORD)@127.0.0.1:9"
                Set-DefaultConfiguration 'https://tenant.example' -MaximumRetryCount 0 -Proxy $proxy -PassThru
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'a proxy credential'
            Shows = '*tenant.example*'
            Script = {
                $password = ConvertTo-SecureString $env:TEST_PROXY_PASSWORD -AsPlainText
                $proxy = @{ Proxy = 'http://127.0.0.1:9'; ProxyCredential = [pscredential]::new('user', $password) }
                Set-DefaultConfiguration 'https://tenant.example' -MaximumRetryCount 0 @proxy -PassThru
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'a secret in the query of TokenUrl'
            Shows = '*t.example*'
            Script = {
                $url = "https://t.example/oauth/token?client_id=i&client_secret=$env:TEST_PROXY_PASSWORD"
                Set-DefaultConfiguration -MaximumRetryCount 0 -TokenUrl $url -PassThru
                Get-DefaultConfiguration
                Get-V2024TaskStatus gone
            }
        }
        @{
            Name = 'invalid settings'
            Shows = '*InvalidSettings*'
            Script = { Set-DefaultConfiguration -BaseUrl 'ftp://x' -ConsumerIdentifier "`n"; Get-V2024TaskStatus gone }
        }
    ) {
        $env:TEST_TOKEN, $env:TEST_PROXY_PASSWORD = $token, 'proxy-password-1'
        $run = Invoke-Session @"
`$VerbosePreference = `$DebugPreference = `$InformationPreference = 'Continue'
try { & { $Script } *>&1 | ForEach-Object { `$_ | Out-String -Width 20000 } } catch { 'caught' }
foreach (`$record in `$Error) {
    `$record | Format-List * -Force | Out-String -Width 20000
    `$record.Exception | Format-List * -Force | Out-String -Width 20000
    Get-Error -InputObject `$record | Out-String -Width 20000
    `$record | ConvertTo-Json -Depth 4 -WarningAction Ignore
    "`$record"; `$record.Exception.ToString(); `$record.ScriptStackTrace
}
'end'
"@
        $text = "$($run.Output)`n$($run.Errors)"
        Remove-Item Env:TEST_TOKEN, Env:TEST_PROXY_PASSWORD
        $text | Should -BeLike '*end*'
        foreach ($secret in $sandbox.ClientSecret, $token, 'proxy-password-1') {
            $text.Contains($secret) | Should -BeFalse
        }
        $text | Should -Not -Match 'Bearer ey'
        # The text does contain what it should, so the checks above did not look at an empty text.
        $text | Should -BeLike $Shows
        $text.Contains('caught') | Should -Be ($Name -ne 'calls that work')
    }

    It 'given as a SecureString or a credential are in no transcript and in no log of commands and parameters' {
        $policies = @{
            # What PowerShell's own file says, which this one replaces.
            'Microsoft.PowerShell:ExecutionPolicy' = 'RemoteSigned'
            LogLevel = 'Verbose'; LogChannels = 'Operational,Analytic'
            LogKeywords = 'Runspace,Pipeline,Cmdlets,Session'
            PowerShellPolicies = @{
                ScriptBlockLogging = @{ EnableScriptBlockLogging = $true; EnableScriptBlockInvocationLogging = $true }
                ModuleLogging = @{ EnableModuleLogging = $true; ModuleNames = , '*' }
                Transcription = @{ EnableTranscripting = $true; OutputDirectory = "$TestDrive/transcripts" }
            }
        }
        ConvertTo-Json $policies -Depth 9 | Set-Content "$TestDrive/powershell.config.json"
        Set-Content "$TestDrive/set.ps1" @'
param($Module)
Import-Module $Module
(Get-Module V2024TaskManagement).LogPipelineExecutionDetails = $true
# No command gets the secret as text.
$secret = [Net.NetworkCredential]::new('', $env:TEST_SECRET).SecurePassword
$login = [pscredential]::new('user', $secret)
Set-DefaultConfiguration -BaseUrl https://settings.example -MaximumRetryCount 0 -ClientId i -ClientSecret $secret
Set-DefaultConfiguration -ClientSecret $login -Token $login
Set-DefaultConfiguration -Token $null -Credential $login -Proxy http://127.0.0.1:9 -ProxyCredential $login
$old = Get-DefaultConfiguration -Verbose
Set-DefaultConfiguration @old -PassThru
Set-DefaultConfiguration -ConsumerIdentifier text-that-is-logged
try { Get-V2024TaskStatus gone -Verbose } catch { "$_" }
try { Set-DefaultConfiguration -Token $secret -ClientSecret @{} } catch { "$_" }
'@
        # PowerShell for Linux logs to the system's log, for which this test stands in where nothing else does.
        $log = $null
        if ($IsLinux -and -not (Test-Path /dev/log) -and [Environment]::UserName -eq 'root') {
            $log = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
            $log.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new('/dev/log'))
            $lines = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            $reader = Start-ThreadJob -ArgumentList $log, $lines {
                param($Log, $Lines)
                $bytes = [byte[]]::new(65536)
                do {
                    $line = [Text.Encoding]::UTF8.GetString($bytes, 0, $Log.Receive($bytes))
                    $Lines.Enqueue($line)
                } until ($line -eq 'end of the log')
            }
        }
        $env:TEST_SECRET = 'word-9f27c1'
        try {
            $output = & (Get-Shell) -NoProfile -NonInteractive -SettingsFile (
                "$TestDrive/powershell.config.json") -File "$TestDrive/set.ps1" $env:V2024_TEST_MODULE 2>&1
        }
        finally {
            Remove-Item Env:TEST_SECRET
            if ($log) {
                $end = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
                $end.Connect([Net.Sockets.UnixDomainSocketEndPoint]::new('/dev/log'))
                $null = $end.Send([Text.Encoding]::UTF8.GetBytes('end of the log'))
                $reader | Wait-Job -Timeout 20 | Remove-Job
                $end.Dispose()
                $log.Dispose()
                [IO.File]::Delete('/dev/log')
            }
        }
        $texts = @{
            Output     = $output | Out-String
            Transcript = Get-ChildItem -Recurse -File "$TestDrive/transcripts" | Get-Content -Raw | Out-String
        }
        if ($log) { $texts.Log = $lines -join "`n" }
        foreach ($text in $texts.Values) { $text.Contains('word-9f27c1') | Should -BeFalse }
        $texts.Output | Should -BeLike '*127.0.0.1:9*ClientSecret must be*'
        $texts.Transcript | Should -BeLike '*ClientSecret comes from: explicit*'
        if ($log) {
            $texts.Log | Should -BeLike '*ParameterBinding(Set-DefaultConfiguration): name="ClientSecret"*SecureString*'
            $texts.Log | Should -BeLike '*value="text-that-is-logged"*'
        }
    }
}
