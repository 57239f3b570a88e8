# The sources of settings, and the effect of each setting.
Describe 'Settings' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $tenantB = Start-Sandbox
        $sandbox = Start-Sandbox
        # A home folder without settings.
        Use-Home $TestDrive
        function Get-Header { param([string] $Name) (Get-SandboxRequest $sandbox -All).ForEach{ $_.Header[$Name] } }
        # Settings as config.json has them, for a tenant.
        function Get-Json {
            param($Tenant)
            @{ BaseUrl = $Tenant.BaseUrl; ClientId = $Tenant.ClientId; ClientSecret = $Tenant.ClientSecret } |
                ConvertTo-Json
        }
        function New-Secret { param([string] $Text) ConvertTo-SecureString $Text -AsPlainText }
        function New-Folder {
            param([string] $Json)
            $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
            if ($Json) { Set-Content "$folder/config.json" $Json }
            "$folder"
        }
    }
    AfterAll {
        Use-Home $HOME
        Stop-Sandbox
    }
    BeforeEach {
        Reset-Sandbox $sandbox -Tasks
        Reset-Sandbox $tenantB -Tasks
        # A newly imported module has no explicit settings.
        Import-Module $env:V2024_TEST_MODULE -Force
        Use-Sandbox $sandbox
        Push-Location $TestDrive
    }
    AfterEach { Pop-Location }

    Context 'sources' {
        It 'C13: the environment alone is enough, without warnings about missing files' {
            $null = Get-V2024TaskStatusList -Limit 1 -WarningVariable warnings -ErrorVariable errors
            $warnings | Should -BeNullOrEmpty
            $errors | Should -BeNullOrEmpty
        }
        It 'C11: changes of the environment take effect with the next call, and each tenant keeps its own token' {
            $a, $b = (Start-Sandbox), (Start-Sandbox)
            foreach ($tenant in $a, $b, $a) {
                Use-Sandbox $tenant
                $null = Get-V2024TaskStatusList -Limit 1
            }
            @(Get-SandboxRequest $a -All).operation | Should -Be 'token', 'list', 'list'
            @(Get-SandboxRequest $b -All).operation | Should -Be 'token', 'list'
        }
        It 'config.json in the current folder is read, with keys in any case and a byte order mark' {
            Remove-Item Env:SAIL_*
            $folder = New-Folder
            $json = (Get-Json $sandbox).Replace('BaseUrl', 'BaseURL').Replace('ClientId', 'clientId').
                Replace('ClientSecret', 'CLIENTSECRET')
            [IO.File]::WriteAllText("$folder/config.json", $json, [Text.UTF8Encoding]::new($true))
            Set-Location $folder
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
        }
        It 'Set-Location and changes of the file take effect with the next call' {
            Remove-Item Env:SAIL_*
            $a = New-Folder (Get-Json $sandbox)
            $b = New-Folder (Get-Json $tenantB)
            # A variable of the caller that hides the automatic variable for the folder.
            & {
                $pwd = 'secret'
                Set-Location $a
                $null = Get-V2024TaskStatusList -Limit 1
                Set-Location $b
                $null = Get-V2024TaskStatusList -Limit 1
            }
            @(Get-SandboxRequest $sandbox).Count, @(Get-SandboxRequest $tenantB).Count | Should -Be 1, 1
            Copy-Item "$a/config.json" "$b/config.json"
            (Get-Item "$b/config.json").LastWriteTime = Get-Date
            $null = Get-V2024TaskStatusList -Limit 1
            @(Get-SandboxRequest $sandbox).Count, @(Get-SandboxRequest $tenantB).Count | Should -Be 2, 1
        }
        It 'C19: the active environment in config.yaml of the sail command line is read' {
            Remove-Item Env:SAIL_*
            Use-Home (New-Folder)
            $null = New-Item -ItemType Directory "$env:HOME/.sailpoint"
            Set-Content "$env:HOME/.sailpoint/config.yaml" @"
activeenvironment: prod
environments:
  other:
    baseurl: https://other.example
  prod:
    baseurl: $($sandbox.BaseUrl)
    pat:
      clientid: $($sandbox.ClientId)
      clientsecret: $($sandbox.ClientSecret)
"@
            try { @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1 }
            finally { Use-Home $TestDrive }
        }
        It 'C19: a hint points at secrets in the keyring' {
            Remove-Item Env:SAIL_*
            Use-Home (New-Folder)
            $null = New-Item -ItemType Directory "$env:HOME/.sailpoint"
            Set-Content "$env:HOME/.sailpoint/config.yaml" @"
activeenvironment: prod
environments:
  prod:
    baseurl: $($sandbox.BaseUrl)
"@
            try { Get-V2024TaskStatusList } catch { $caught = $_ } finally { Use-Home $TestDrive }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidSettings,Get-V2024TaskStatusList'
            $caught.ErrorDetails.RecommendedAction | Should -BeLike '*sail command line*'
        }
        It 'explicit settings win over the environment, and the environment over config.json, for each setting' {
            $env:SAIL_CLIENT_SECRET = $null
            $other = @{ BaseUrl = 'http://127.0.0.1:9'; ClientId = 'nobody'; ClientSecret = $sandbox.ClientSecret }
            Set-Location (New-Folder (Get-Json $other))
            $env:SAIL_BASE_URL = 'http://127.0.0.1:9'
            Set-DefaultConfiguration -BaseUrl $sandbox.BaseUrl
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
        }
        It 'explicit settings work without environment variables' {
            Remove-Item Env:SAIL_*
            Set-DefaultConfiguration $sandbox.BaseUrl -ClientId $sandbox.ClientId -ClientSecret $sandbox.ClientSecret
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
        }
    }

    Context 'Set-DefaultConfiguration' {
        It 'C20: BaseUrl <_> is the same address' -TestCases '{0}', '{0}/', '{0}/v2024', '{0}/v2024/', ' {0} ' {
            Set-DefaultConfiguration -BaseUrl ($_ -f $sandbox.BaseUrl)
            $null = Get-V2024TaskStatusList
            (Get-SandboxRequest $sandbox).path | Should -Be '/v2024/task-status'
            (Get-DefaultConfiguration).TokenUrl | Should -Be "$($sandbox.BaseUrl)/oauth/token"
        }
        It 'C20: a bare host name means https' {
            Set-DefaultConfiguration -BaseUrl 'tenant.example'
            (Get-DefaultConfiguration).BaseUrl | Should -Be 'https://tenant.example'
        }
        It '-Token is used instead of fetching one' {
            $token = New-SandboxToken $sandbox
            Reset-Sandbox $sandbox
            Remove-Item Env:SAIL_CLIENT_*
            Set-DefaultConfiguration -Token $token
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
            (Get-SandboxRequest $sandbox -All).operation | Should -Be 'list'
        }
        It '-TokenExpiration is the end of a given token' {
            Remove-Item Env:SAIL_CLIENT_*
            Set-DefaultConfiguration -Token 'any' -TokenExpiration ([datetime]::UtcNow.AddMinutes(-1))
            { Get-V2024TaskStatusList } | Should -Throw -ErrorId 'AuthenticationFailed,Get-V2024TaskStatusList'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It '-TokenUrl is the token endpoint' {
            Set-DefaultConfiguration -TokenUrl "$($tenantB.BaseUrl)/oauth/token" -MaximumRetryCount 0
            try { Get-V2024TaskStatusList } catch { $null = $_ }
            (Get-SandboxRequest $tenantB -All).path | Should -Be '/oauth/token'
            (Get-SandboxRequest $sandbox -All).operation | Should -Not -Contain 'token'
        }
        It '-ClientId and -ClientSecret are used, given as <Kind>' -TestCases @(
            @{ Kind = 'strings'; Given = { @{ ClientId = $sandbox.ClientId; ClientSecret = $sandbox.ClientSecret } } }
            @{
                Kind = 'a SecureString'
                Given = {
                    @{
                        ClientId = $sandbox.ClientId
                        ClientSecret = New-Secret $sandbox.ClientSecret
                    }
                }
            }
            @{
                Kind = 'a credential for the secret'
                Given = {
                    @{
                        ClientId = $sandbox.ClientId
                        ClientSecret = [pscredential]::new('any', (New-Secret $sandbox.ClientSecret))
                    }
                }
            }
            @{
                Kind = 'one credential'
                Given = {
                    @{
                        Credential = [pscredential]::new($sandbox.ClientId, (New-Secret $sandbox.ClientSecret))
                    }
                }
            }
        ) {
            Remove-Item Env:SAIL_CLIENT_*
            $settings = & $Given
            Set-DefaultConfiguration @settings
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
        }
        It '-MaximumRetryCount <Count> is <Requests> requests' -TestCases @(
            @{ Count = 0; Requests = 1 }, @{ Count = 2; Requests = 3 }
        ) {
            Set-DefaultConfiguration -MaximumRetryCount $Count -RetryIntervalSeconds 0
            Add-SandboxResponse $sandbox 503 -Times 0
            { Get-V2024TaskStatusList } | Should -Throw -ErrorId 'ServerError,Get-V2024TaskStatusList'
            @(Get-SandboxRequest $sandbox).Count | Should -Be $Requests
        }
        It '-Verbose shows why a request failed' {
            Add-SandboxFault $sandbox 'drop'
            $verbose = Get-V2024TaskStatusList -Limit 1 -Verbose 4>&1 |
                Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            $verbose.Message -like 'GET * failed after * ms: the connection to *' | Should -HaveCount 1
        }
        It '-RetryIntervalSeconds is the first wait, and -Verbose shows it' {
            Set-DefaultConfiguration -MaximumRetryCount 1 -RetryIntervalSeconds 0
            Add-SandboxResponse $sandbox 503
            $verbose = Get-V2024TaskStatusList -Limit 1 -Verbose 4>&1 |
                Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            $verbose.Message -like '*503 Service Unavailable: retrying in * ms (attempt 2)' | Should -HaveCount 1
        }
        It '-Experimental sends the header' {
            Set-DefaultConfiguration -Experimental $true
            $null = Get-V2024TaskStatusList -Limit 1
            (Get-SandboxRequest $sandbox).Header['x-sailpoint-experimental'] | Should -Be 'true'
        }
        It '-ConsumerIdentifier and -ConsumerVersion are in the User-Agent, with module, PowerShell and library' {
            Set-DefaultConfiguration -ConsumerIdentifier 'nightly' -ConsumerVersion '1.2'
            $null = Get-V2024TaskStatusList -Limit 1
            $version = (Get-Module V2024TaskManagement).Version
            $ours = "V2024TaskManagement/$version PowerShell/$($PSVersionTable.PSVersion)"
            (Get-SandboxRequest $sandbox -All).ForEach{ $_.Header['user-agent'] } |
                Should -BeLike "nightly/1.2 $ours v2024-task-management/*"
        }
        It '-ApiVersion selects the path' {
            Set-DefaultConfiguration -ApiVersion v2025
            $null = Get-V2024TaskStatusList -Limit 1
            (Get-SandboxRequest $sandbox).path | Should -Be '/v2025/task-status'
        }
        It '-Proxy takes a string, a Uri, and a WebProxy with credentials' {
            $address = 'http://127.0.0.1:9'
            foreach ($proxy in $address, [uri] $address, [Net.WebProxy]::new($address)) {
                Set-DefaultConfiguration -Proxy $proxy
                (Get-DefaultConfiguration).Proxy.TrimEnd('/') | Should -Be 'http://127.0.0.1:9'
            }
            $proxy = [Net.WebProxy]::new('http://127.0.0.1:9')
            $proxy.Credentials = [Net.NetworkCredential]::new('user', 'proxy-password')
            Set-DefaultConfiguration -Proxy $proxy
            (Get-DefaultConfiguration).ProxyCredential | Should -Be '********'
            Set-DefaultConfiguration -Proxy $null
            (Get-DefaultConfiguration).Proxy, (Get-DefaultConfiguration).ProxyCredential | Should -Be $null, $null
        }
        It '-Credential next to -ClientId or -ClientSecret is refused, and nothing changes' {
            $credential = [pscredential]::new('other', (New-Secret 'other'))
            foreach ($given in @{ ClientId = 'x' }, @{ ClientSecret = 'x' }) {
                { Set-DefaultConfiguration -Credential $credential -MaximumRetryCount 4 @given } |
                    Should -Throw -ErrorId 'InvalidArgument,Set-DefaultConfiguration'
            }
            $configuration = Get-DefaultConfiguration
            $configuration.ClientId, $configuration.MaximumRetryCount | Should -Be $sandbox.ClientId, 10
        }
        It '-Credential $null or an empty one removes ClientId and ClientSecret' {
            foreach ($empty in $null, [pscredential]::Empty) {
                Set-DefaultConfiguration -Credential ([pscredential]::new('other', (New-Secret 'other')))
                (Get-DefaultConfiguration).ClientId | Should -Be 'other'
                Set-DefaultConfiguration -Credential $empty
                (Get-DefaultConfiguration).ClientId | Should -Be $sandbox.ClientId
            }
        }
        It '-<Name> of another type is refused' -TestCases @(
            @{ Name = 'Token'; Value = @{ a = 1 } }
            @{ Name = 'ClientSecret'; Value = 'a', 'b' }
            @{ Name = 'Credential'; Value = 'user' }
            @{ Name = 'Proxy'; Value = @{ a = 1 } }
            @{ Name = 'TimeoutSeconds'; Value = [double]::NaN }
        ) {
            $given = @{ $Name = $Value }
            { Set-DefaultConfiguration @given } | Should -Throw -ErrorId 'InvalidArgument,Set-DefaultConfiguration'
            { Set-DefaultConfiguration @given } | Should -Throw -ExceptionType ([ArgumentException])
        }
        It '-ProxyCredential of another type is refused' {
            { Set-DefaultConfiguration -ProxyCredential 'user' } |
                Should -Throw -ErrorId 'InvalidArgument,Set-DefaultConfiguration'
        }
        It 'the bypass list of a WebProxy applies to the BaseUrl of the same call: <_>' -TestCases @(
            'https://bypassed.example', 'bypassed.example'
        ) {
            $proxy = [Net.WebProxy]::new('http://127.0.0.1:9', $false, [string[]] 'bypassed\.example')
            Set-DefaultConfiguration -BaseUrl 'https://tenant.example' -Proxy $proxy
            (Get-DefaultConfiguration).Proxy.TrimEnd('/') | Should -Be 'http://127.0.0.1:9'
            Set-DefaultConfiguration -BaseUrl $_ -Proxy $proxy
            (Get-DefaultConfiguration).Proxy | Should -BeNullOrEmpty
        }
        It '-Proxy is used for other machines, and -AllowHttp allows plain http to them' {
            Set-DefaultConfiguration -BaseUrl 'http://settings.example' -Proxy $sandbox.BaseUrl -MaximumRetryCount 0
            { Get-V2024TaskStatusList } | Should -Throw -ErrorId 'InvalidSettings,Get-V2024TaskStatusList'
            Set-DefaultConfiguration -AllowHttp $true
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
            (Get-SandboxRequest $sandbox -All).ForEach{ $_.Header['host'] } |
                Should -Be 'settings.example', 'settings.example'
        }
        It '$null or an empty string removes a setting' {
            Set-DefaultConfiguration -BaseUrl 'http://127.0.0.1:9' -MaximumRetryCount 3
            Set-DefaultConfiguration -BaseUrl '' -MaximumRetryCount $null
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
            (Get-DefaultConfiguration).MaximumRetryCount | Should -Be 10
        }
        It '-PassThru returns the settings' {
            (Set-DefaultConfiguration -ConsumerIdentifier 'x' -PassThru).ConsumerIdentifier | Should -Be 'x'
            Set-DefaultConfiguration -ConsumerIdentifier 'y' | Should -BeNullOrEmpty
        }
    }

    It 'Set-DefaultConfiguration has a parameter for each setting of the library' {
        $read = {
            $script:Session.Clients.Settings['Unheard'] = 1
            try { Get-V2024TaskStatus x } catch { $_.ErrorDetails.RecommendedAction }
            finally { $script:Session.Clients.Settings.Remove('Unheard') }
        }
        # The library names all settings where one is unknown.
        $hint = & (Get-Module V2024TaskManagement) $read
        $settings = ($hint -split 'the settings are ')[1].TrimEnd('.') -split ', '
        # The module fills in UserAgent.
        $settings = @($settings) -ne 'UserAgent'
        $settings.Count | Should -BeGreaterThan 15
        $common = [Management.Automation.Cmdlet]::CommonParameters
        $own = (Get-Command Set-DefaultConfiguration).Parameters.Keys.Where{ $_ -notin $common }
        Compare-Object $settings @($own -notmatch '^(Credential|PassThru)$') | Should -BeNullOrEmpty
        Compare-Object $settings @((Get-DefaultConfiguration).Keys) | Should -BeNullOrEmpty
    }

    Context 'Get-DefaultConfiguration' {
        It 'shows the current settings, with secrets masked' {
            $configuration = Get-DefaultConfiguration
            $configuration.BaseUrl, $configuration['ClientId'] | Should -Be $sandbox.BaseUrl, $sandbox.ClientId
            $configuration.ClientSecret | Should -Be '********'
            $configuration.TokenUrl | Should -Be "$($sandbox.BaseUrl)/oauth/token"
            $configuration.MaximumRetryCount, $configuration.Experimental | Should -Be 10, $false
            $configuration | Out-String | Should -Not -BeLike "*$($sandbox.ClientSecret)*"
        }
        It 'shows the other settings when one is missing' {
            Remove-Item Env:SAIL_CLIENT_*
            $configuration = Get-DefaultConfiguration
            $configuration.BaseUrl, $configuration.ClientId | Should -Be $sandbox.BaseUrl, $null
        }
        It 'can be splatted back, and changes nothing' {
            $given = @{ ClientSecret = $sandbox.ClientSecret; TokenExpiration = [datetime]::UtcNow.AddDays(1) }
            Set-DefaultConfiguration @given -MaximumRetryCount 3
            $env:SAIL_CLIENT_SECRET = 'wrong'
            $configuration = Get-DefaultConfiguration
            Set-DefaultConfiguration @configuration
            @(Get-V2024TaskStatusList -Limit 1).Count | Should -Be 1
        }
        It 'after splatting, the token URL still follows BaseUrl' {
            $configuration = Get-DefaultConfiguration
            Set-DefaultConfiguration @configuration
            Set-DefaultConfiguration -BaseUrl 'https://other.api.identitynow.com'
            (Get-DefaultConfiguration).TokenUrl | Should -Be 'https://other.api.identitynow.com/oauth/token'
            Set-DefaultConfiguration -TokenUrl 'https://third.api.identitynow.com/oauth/token' -BaseUrl $sandbox.BaseUrl
            (Get-DefaultConfiguration).TokenUrl | Should -Be 'https://third.api.identitynow.com/oauth/token'
        }
        It 'the secrets of the sail command line''s file are read again when it changes, also with an empty HOME' {
            Remove-Item Env:SAIL_*
            $saved = $env:USERPROFILE
            $env:USERPROFILE = New-Folder
            $file = "$env:USERPROFILE/.sailpoint/config.yaml"
            $null = New-Item -ItemType Directory (Split-Path $file)
            $yaml = @(
                'activeenvironment: x', 'environments:', '  x:', '    baseurl: {0}', '    pat:'
                '      clientid: {1}', '      clientsecret: {2}'
            ) -join "`n"
            try {
                # .NET cannot set an empty variable before version 9, and a blank one counts as empty.
                $env:HOME = ' '
                foreach ($tenant in $sandbox, $tenantB) {
                    Set-Content $file ($yaml -f $tenant.BaseUrl, $tenant.ClientId, $tenant.ClientSecret)
                    (Get-Item $file).LastWriteTime = (Get-Date).AddSeconds($tenant -eq $sandbox ? -9 : 0)
                    $null = Get-V2024TaskStatusList -Limit 1
                }
            }
            finally { $env:HOME, $env:USERPROFILE = "$TestDrive", $saved }
            @(Get-SandboxRequest $sandbox).Count, @(Get-SandboxRequest $tenantB).Count | Should -Be 1, 1
        }
        It 'USERPROFILE goes before HOME on Windows, and HOME before USERPROFILE elsewhere, as for ~' {
            Remove-Item Env:SAIL_*
            $saved = $env:USERPROFILE
            try {
                $env:HOME, $env:USERPROFILE = 'home', 'userprofile' | ForEach-Object {
                    $folder = New-Folder
                    $null = New-Item -ItemType Directory "$folder/.sailpoint"
                    Set-Content "$folder/.sailpoint/config.yaml" @(
                        'activeenvironment: x', 'environments:', '  x:', "    baseurl: https://$_.test"
                    )
                    $folder
                }
                $found = (Get-DefaultConfiguration -WarningAction Ignore).BaseUrl
            }
            finally { $env:HOME, $env:USERPROFILE = "$TestDrive", $saved }
            $found | Should -BeExactly ($IsWindows ? 'https://userprofile.test' : 'https://home.test')
        }
        It '-Verbose shows the source of each setting' {
            Get-DefaultConfiguration -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } |
                ForEach-Object Message |
                Should -Contain 'BaseUrl comes from: environment'
        }
    }
}
