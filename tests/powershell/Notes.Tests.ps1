# Notes: what the library skipped or decided when it read the settings. One about safety is a warning.
Describe 'Notes' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        Use-Home $TestDrive
        function Get-Verbose {
            param([scriptblock] $Script)
            $records = (& $Script 4>&1).Where{ $_ -is [Management.Automation.VerboseRecord] }
            $records.ForEach('Message').Where{ $_ -like '*config.json*' }
        }
    }
    AfterAll {
        Use-Home $HOME
        Stop-Sandbox
    }
    BeforeEach {
        Import-Module $env:V2024_TEST_MODULE -Force
        Use-Sandbox $sandbox
        Push-Location (New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())")
        $file = Join-Path $PWD config.json
    }
    AfterEach { Pop-Location }

    Context 'a settings file that is not JSON' {
        BeforeEach {
            Set-Content $file '{ this is not JSON'
            $note = "the settings file $file was skipped: it is not JSON: line 1, column 3: key must be a string"
        }
        It 'is written with -Verbose, once per client' {
            Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose } | Should -BeExactly $note
            Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose } | Should -BeNullOrEmpty
            Set-DefaultConfiguration -MaximumRetryCount 1
            Get-Verbose { Get-V2024PendingTaskHeaders -Verbose } | Should -BeExactly $note
        }
        It 'is nothing to read without -Verbose, and leaves the result alone' {
            @(Get-V2024PendingTasks -Limit 1 *>&1).ForEach{ $_.psobject.TypeNames[0] } | Should -Be 'V2024.TaskStatus'
        }
        It 'is written by Get-DefaultConfiguration' {
            Get-Verbose { Get-DefaultConfiguration -Verbose } | Should -BeExactly $note
        }
        It 'is written before the error about invalid settings' {
            $env:SAIL_BASE_URL = 'https:/tenant.example'
            $found = Get-Verbose { try { Get-V2024TaskStatus x -Verbose } catch { $null = $_ } }
            $found | Should -BeExactly $note
        }
        It 'waits for the next call when Tab makes the client' {
            $line = 'Get-V2024TaskStatus -Id '
            $null = (TabExpansion2 $line $line.Length).CompletionMatches
            Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose } | Should -BeExactly $note
        }
    }

    Context 'a settings file with <What>' -ForEach @(
        @{
            What = 'single backslashes'
            Text = "{`n  ""CertificateAuthority"": ""C:\certs\ca.pem""`n}"
            Note = 'the settings file {0} was skipped: it is not JSON: line 2, column 31: invalid escape; ' +
                'write a backslash as \\'
            State = 'is not JSON: line 2, column 31: invalid escape; write a backslash as \\'
        }
        @{
            What = 'a trailing comma'
            Text = "{`r`n  ""ApiVersion"": ""v2024"",`r`n}"
            Note = 'the settings file {0} was skipped: it is not JSON: line 3, column 1: trailing comma'
            State = 'is not JSON: line 3, column 1: trailing comma'
        }
        @{
            What = 'ANSI text'
            Text = '{ "ConsumerIdentifier": "Müller" }'
            Note = 'the settings file {0} was skipped: it is not UTF-8 text'
            State = 'is not UTF-8 text'
        }
        @{
            What = 'a misspelt name'
            Text = '{ "TimeoutSecond": 5 }'
            Note = '"TimeoutSecond" in {0} is not a setting; is it TimeoutSeconds?'
            State = 'unknown names: TimeoutSecond'
        }
    ) {
        BeforeEach {
            $encoding = $What -eq 'ANSI text' ? [Text.Encoding]::Latin1 : [Text.UTF8Encoding]::new()
            [IO.File]::WriteAllText($file, $Text, $encoding)
        }
        It 'is told with -Verbose, once per client, and alone' {
            Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose } | Should -BeExactly ($Note -f $file)
            Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose } | Should -BeNullOrEmpty
            Get-Verbose { Get-DefaultConfiguration -Verbose } | Should -BeExactly ($Note -f $file)
        }
        It 'is named by the error for a missing setting' {
            Remove-Item Env:SAIL_CLIENT_SECRET
            $caught = try { Get-V2024PendingTasks -Limit 1 } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -BeExactly 'InvalidSettings,Get-V2024PendingTasks'
            $caught.Exception.Message |
                Should -BeLike "settings missing: ClientSecret (found *); looked in *, $file ($State), *"
        }
    }

    It 'a settings file that another program has locked is told, and named by the error' {
        Set-Content $file '{ "ApiVersion": "v2025" }'
        $lock = [IO.File]::Open($file, 'Open', 'ReadWrite', 'None')
        try {
            $told = Get-Verbose { Get-V2024PendingTasks -Limit 1 -Verbose }
            Remove-Item Env:SAIL_CLIENT_SECRET
            $caught = try { Get-V2024PendingTasks -Limit 1 } catch { $_ }
        }
        finally { $lock.Dispose() }
        $told | Should -BeLike "the settings file $file was skipped: it cannot be read: * (os error 32)"
        $caught.Exception.Message | Should -BeLike (
            "settings missing: ClientSecret (found *); looked in *, $file (cannot be read: * (os error 32)), *"
        )
    }

    Context 'plain http that a file allows' {
        BeforeEach {
            Remove-Item Env:SAIL_*
            Set-Content $file '{"AllowHttp":true,"Token":"t"}'
            Set-DefaultConfiguration -BaseUrl 'http://tenant.invalid' -MaximumRetryCount 0
            $note = "secrets and tokens are sent unencrypted to a plain http address, because AllowHttp is set in $file"
        }
        It 'is a warning, once per client' {
            $null = try { Get-V2024TaskStatus x -WarningVariable warnings 3>$null } catch { $null = $_ }
            $warnings.Message | Should -BeExactly $note
            $null = try { Get-V2024TaskStatus x -WarningVariable warnings 3>$null } catch { $null = $_ }
            $warnings | Should -BeNullOrEmpty
        }
        It 'is not shown where the caller wants no warnings' {
            $WarningPreference = 'SilentlyContinue'
            $null = $WarningPreference
            @(try { Get-V2024TaskStatus x 3>&1 } catch { $null = $_ }).Count | Should -Be 0
        }
    }

    Context 'a folder that would lead the secrets of the environment' {
        BeforeEach {
            Set-Content $file '{"TokenUrl":"https://elsewhere.invalid/token","Token":"t"}'
            $note = "not used from ${file}: TokenUrl. A file in the current folder decides where secrets go only if " +
                'all of them come from it, and ClientSecret is from the environment. Give these settings explicitly, ' +
                'or all secrets in that file alone'
        }
        It 'is a warning, once per client, and the token is fetched from the tenant' {
            $null = Get-V2024PendingTasks -Limit 1 -WarningVariable warnings 3>$null
            $warnings.Message | Should -BeExactly $note
            $null = Get-V2024PendingTasks -Limit 1 -WarningVariable warnings 3>$null
            $warnings | Should -BeNullOrEmpty
            (Get-DefaultConfiguration 3>$null).TokenUrl | Should -BeExactly "$($sandbox.BaseUrl)/oauth/token"
        }
        It 'waits for the next call when Tab makes the client' {
            $line = 'Get-V2024TaskStatus -Id '
            $null = (TabExpansion2 $line $line.Length).CompletionMatches
            $null = Get-V2024PendingTasks -Limit 1 -WarningVariable warnings 3>$null
            $warnings.Message | Should -BeExactly $note
        }
    }
}
