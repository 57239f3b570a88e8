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
}
