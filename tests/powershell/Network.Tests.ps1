# Between session and tenant: certificates, proxies, rate limits and API versions.
Describe 'Network' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $tls = Start-Sandbox -Arguments @(
            '--tasks', '5', '--pending', '1', '--progress', '0', '--tls', '--tls-folder', "$TestDrive"
        )
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox -Tasks
        # A newly imported module has no explicit settings.
        Import-Module $env:V2024_TEST_MODULE -Force
        Set-DefaultConfiguration -MaximumRetryCount 0
        Use-Sandbox $sandbox
    }
    AfterEach { Remove-Item Env:SSL_CERT_FILE, Env:HTTP_PROXY, Env:NO_PROXY -ErrorAction Ignore }

    Context 'C35: a private certificate authority' {
        BeforeEach { Use-Sandbox $tls }
        It 'is refused, and the error names the setting that helps' {
            try { Get-V2024PendingTasks } catch { $caught = $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'TlsFailed,Get-V2024PendingTasks'
            $caught.CategoryInfo.Category | Should -Be 'SecurityError'
            $caught.Exception | Should -BeOfType [Net.Http.HttpRequestException]
            $caught.ErrorDetails.RecommendedAction | Should -BeLike '*SSL_CERT_FILE*'
            $store = '*the Windows certificate store*'
            $caught.ErrorDetails.RecommendedAction -like $store | Should -Be $IsWindows
        }
        It 'is trusted with $env:SSL_CERT_FILE, for token and API requests' {
            $env:SSL_CERT_FILE = "$TestDrive/ca.pem"
            @(Get-V2024PendingTasks).Count | Should -Be 1
        }
        It 'is trusted with -CertificateAuthority, relative to the session''s folder' {
            Push-Location $TestDrive
            try {
                Set-DefaultConfiguration -CertificateAuthority 'ca.pem'
                @(Get-V2024PendingTasks).Count | Should -Be 1
            }
            finally { Pop-Location }
        }
        It 'is trusted with -CertificateAuthority as the path <Path>' -TestCases @(
            @{ Path = 'authority:ca.pem' }
            @{ Path = 'Microsoft.PowerShell.Core\FileSystem::FOLDER/ca.pem' }
            @{ Path = './sub/../ca.pem' }
        ) {
            $null = New-PSDrive authority FileSystem $TestDrive -Scope Global
            Push-Location $TestDrive
            try { Set-DefaultConfiguration -CertificateAuthority $Path.Replace('FOLDER', $TestDrive) }
            finally {
                Pop-Location
                Remove-PSDrive authority
            }
            # Where the session is later does not matter.
            (Get-DefaultConfiguration).CertificateAuthority | Should -Be (Join-Path $TestDrive ca.pem)
            @(Get-V2024PendingTasks).Count | Should -Be 1
        }
        It '~ is the home folder, and what is no file is refused' {
            Set-DefaultConfiguration -CertificateAuthority '~/ca.pem'
            (Get-DefaultConfiguration).CertificateAuthority | Should -Be (Join-Path (Resolve-Path ~) ca.pem)
            { Set-DefaultConfiguration -CertificateAuthority 'Env:PATH' } |
                Should -Throw 'CertificateAuthority is not the path of a file, but of the provider Environment'
            { Set-DefaultConfiguration -CertificateAuthority 'nodrive:ca.pem' } |
                Should -Throw 'CertificateAuthority is not the path of a file: *nodrive*'
        }
    }

    Context 'C68: the system''s proxy' {
        BeforeEach {
            Set-DefaultConfiguration -AllowHttp $true -BaseUrl 'http://tenant.example'
            $default = [Net.Http.HttpClient]::DefaultProxy
            [Net.Http.HttpClient]::DefaultProxy = [Net.WebProxy]::new($sandbox.BaseUrl)
            $note = "the proxy $($sandbox.BaseUrl) comes from the settings of the system"
        }
        AfterEach { [Net.Http.HttpClient]::DefaultProxy = $default }
        It 'is used as for Invoke-RestMethod, and told once' {
            $verbose = {
                @(Get-V2024PendingTasks -Limit 1 -Verbose 4>&1).Where{ "$_" -like 'the proxy*' }.ForEach('Message')
            }
            & $verbose | Should -BeExactly $note
            & $verbose | Should -BeNullOrEmpty
            (Get-SandboxRequest $sandbox -All).Header.ForEach{ $_['host'] } | Should -Be (@('tenant.example') * 3)
        }
        It 'is asked for BaseUrl and TokenUrl, once per client and not at import' {
            class Recorder : Net.IWebProxy {
                [Net.ICredentials] $Credentials
                [hashtable] $Answers
                [Collections.Generic.List[string]] $Asked = @()
                [uri] GetProxy([uri] $Target) {
                    $this.Asked.Add($Target)
                    return $this.Answers["$($Target.Host)"]
                }
                [bool] IsBypassed([uri] $Target) { return $null -eq $this.Answers["$($Target.Host)"] }
            }
            $second = Start-Sandbox
            Reset-Sandbox $sandbox
            $recorder = [Recorder]@{
                Answers = @{ 'tenant.example' = [uri] $second.BaseUrl; 'login.example' = [uri] $sandbox.BaseUrl }
            }
            [Net.Http.HttpClient]::DefaultProxy = $recorder
            $env:SAIL_CLIENT_ID, $env:SAIL_CLIENT_SECRET = $sandbox.ClientId, $sandbox.ClientSecret
            Import-Module $env:V2024_TEST_MODULE -Force
            Set-DefaultConfiguration -AllowHttp $true -MaximumRetryCount 0 -BaseUrl 'http://tenant.example' `
                -TokenUrl 'http://login.example/oauth/token'
            $recorder.Asked | Should -BeNullOrEmpty
            # The second tenant does not know the token of the first one, and was asked.
            foreach ($count in 1, 2) {
                { Get-V2024PendingTasks -Limit 1 } | Should -Throw -ErrorId 'Unauthorized,Get-V2024PendingTasks'
                $recorder.Asked | Should -Be 'http://tenant.example/', 'http://login.example/oauth/token'
            }
            (Get-SandboxRequest $sandbox -All).Header.ForEach{ $_['host'] } | Select-Object -Unique |
                Should -Be 'login.example'
            (Get-SandboxRequest $second -All).Header.ForEach{ $_['host'] } | Select-Object -Unique |
                Should -Be 'tenant.example'
            # A direct connection for one of them alone.
            $recorder.Answers.Remove('login.example')
            Set-DefaultConfiguration -MaximumRetryCount 0
            { Get-V2024PendingTasks -Limit 1 } | Should -Throw '*login.example*'
        }
        It 'is named by Get-DefaultConfiguration' {
            $output = Get-DefaultConfiguration -Verbose 4>&1
            $output.Where{ "$_" -like 'Proxy comes*' }.Message | Should -BeExactly 'Proxy comes from: system'
            $output.Where{ "$_" -like 'the proxy*' }.Message | Should -BeExactly $note
            $output[-1].Proxy | Should -Be $sandbox.BaseUrl
        }
        It 'is not used with <Given>' -TestCases @(
            @{ Given = 'Proxy none' }
            @{ Given = 'NO_PROXY' }
            @{ Given = 'NO_PROXY <local>' }
            @{ Given = 'a bypass list' }
        ) {
            $name = 'tenant.example'
            switch ($Given) {
                'Proxy none' { Set-DefaultConfiguration -Proxy none }
                'NO_PROXY' { $env:NO_PROXY = 'other;*.example' }
                'NO_PROXY <local>' {
                    $env:NO_PROXY = 'other;<local>'
                    $name = 'tenant'
                    Set-DefaultConfiguration -BaseUrl "http://$name"
                }
                'a bypass list' { [Net.Http.HttpClient]::DefaultProxy.BypassList = '^http://tenant\.' }
            }
            { Get-V2024PendingTasks -Limit 1 } | Should -Throw "cannot connect to http://${name}: *"
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'has its password masked, which the proxy gets' {
            [Net.Http.HttpClient]::DefaultProxy.Credentials = [Net.NetworkCredential]::new('me@x', 'p:w/')
            @(Get-V2024PendingTasks -Limit 1).Count | Should -Be 1
            (Get-SandboxRequest $sandbox).Header['proxy-authorization'] | Should -BeLike 'Basic *'
            (Get-DefaultConfiguration).Proxy | Should -Be $sandbox.BaseUrl.Replace('//', '//********@')
        }
        It 'yields to a variable' {
            $env:HTTP_PROXY = 'http://127.0.0.1:1'
            { Get-V2024PendingTasks -Limit 1 } | Should -Throw '*through the proxy http://127.0.0.1:1*'
        }
    }

    It 'integrated credentials are refused by name' {
        { Set-DefaultConfiguration -ProxyCredential ([Net.CredentialCache]::DefaultNetworkCredentials) } |
            Should -Throw 'ProxyCredential needs a user name: the credentials of the Windows session cannot be used'
        $proxy = [Net.WebProxy]::new('http://proxy.example')
        $proxy.UseDefaultCredentials = $true
        { Set-DefaultConfiguration -Proxy $proxy } |
            Should -Throw 'ProxyCredential needs a user name: the credentials of the Windows session cannot be used'
        (Get-DefaultConfiguration).Proxy | Should -BeNullOrEmpty
    }

    Context 'C35: proxies' {
        BeforeEach { Set-DefaultConfiguration -AllowHttp $true -BaseUrl 'http://tenant.example' }
        It '$env:HTTP_PROXY is used for token and API requests' {
            $env:HTTP_PROXY = $sandbox.BaseUrl
            @(Get-V2024PendingTasks -Limit 1).Count | Should -Be 1
            (Get-SandboxRequest $sandbox).Header['host'] | Should -Be 'tenant.example'
        }
        It '$env:NO_PROXY is respected' {
            $env:HTTP_PROXY = $sandbox.BaseUrl
            $env:NO_PROXY = 'tenant.example'
            { Get-V2024PendingTasks -Limit 1 } | Should -Throw -ErrorId 'ConnectionFailed,Get-V2024PendingTasks'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
        It 'a 407 is reported as an error of the proxy' {
            $env:HTTP_PROXY = $sandbox.BaseUrl
            Add-SandboxResponse $sandbox 407 -Body '' -Operation all -Times 0
            try { Get-V2024PendingTasks -Limit 1 } catch { $caught = $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'ConnectionFailed,Get-V2024PendingTasks'
            $caught.Exception.Message | Should -BeLike '*proxy*407*'
        }
    }

    Context 'limits' {
        It 'C16: a 429 of the token endpoint is retried after its Retry-After' {
            $tenant = Start-Sandbox
            Add-SandboxResponse $tenant 429 -Operation token -Headers @(, @('retry-after', '1'))
            Set-DefaultConfiguration -MaximumRetryCount 1
            @(Get-V2024PendingTasks -Limit 1).Count | Should -Be 1
            (Get-SandboxRequest $tenant -All).operation | Should -Be 'token', 'token', 'pending'
        }
    }

    Context 'C40: -ApiVersion' {
        It '<Version> uses its own paths' -TestCases @(
            @{
                Version = 'v2024'
                Root = '/v2024/task-status'
                Pending = '/v2024/task-status/pending-tasks'
                Filters = $null
            }
            @{
                Version = 'v2025'
                Root = '/v2025/task-status'
                Pending = '/v2025/task-status/pending-tasks'
                Filters = $null
            }
            @{
                Version = 'v2026'
                Root = '/v2026/task-status'
                Pending = '/v2026/task-status'
                Filters = 'completionStatus isnull'
            }
            @{
                Version = 'latest'
                Root = '/latest/task-status'
                Pending = '/latest/task-status'
                Filters = 'completionStatus isnull'
            }
            @{
                Version = 'v1'
                Root = '/task-status/v1'
                Pending = '/task-status/v1'
                Filters = 'completionStatus isnull'
            }
        ) {
            Set-DefaultConfiguration -ApiVersion $Version
            $id = (Get-V2024TaskStatusList -Limit 1 -WarningAction Ignore).id
            (Get-V2024TaskStatus $id -WarningAction Ignore).id | Should -Be $id
            $patch = @{ op = 'replace'; path = '/description'; value = $Version }
            (Update-V2024TaskStatus $id $patch -WarningAction Ignore).description | Should -Be $Version
            @(Get-V2024PendingTasks -WarningAction Ignore).Count | Should -Be 20
            (Get-V2024PendingTaskHeaders -Count $true -WarningAction Ignore).TotalCount | Should -Be 20
            $requests = @(Get-SandboxRequest $sandbox)
            $requests.path | Should -Be $Root, "$Root/$id", "$Root/$id", $Pending, $Pending
            $requests[3, 4].ForEach{ $_.Sent['filters'] } | Should -Be $Filters, $Filters
            $requests.status | Select-Object -Unique | Should -Be 200
        }
    }
}
