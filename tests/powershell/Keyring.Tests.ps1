# The keyring of the sail command line, whose file names a tenant and no secrets.
Describe 'C75: the keyring' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module "$PSScriptRoot/Keyring.psm1" -Force
        $sandbox = Start-Sandbox
        Use-Home $TestDrive
        $null = New-Item -ItemType Directory "$TestDrive/.sailpoint"
        Push-Location $TestDrive
        # An account that nobody has, since Windows has one keyring for all of a user's programs.
        $account = "v2024-test-$([guid]::NewGuid().ToString('N'))"
        $clientId = 'environments.pat.clientid'
        $clientSecret = 'environments.pat.clientsecret'
        $hint = 'set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET; the keyring of the sail command line can be read only in ' +
            'the session of the user who has unlocked it'
        function Set-SailFile {
            param([string] $AuthType = 'pat')
            Set-Content "$TestDrive/.sailpoint/config.yaml" @"
activeenvironment: $account
authtype: $AuthType
environments:
  ${account}:
    baseurl: $($sandbox.BaseUrl)
"@
        }
        function Add-Client {
            Add-KeyringEntry $clientId $account $sandbox.ClientId
            Add-KeyringEntry $clientSecret $account $sandbox.ClientSecret
        }
        # What the error about missing settings says of the keyring.
        function Get-Refusal {
            $caught = try { Get-V2024PendingTasks -Limit 1 } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -BeExactly 'InvalidSettings,Get-V2024PendingTasks'
            $caught.Exception.Message | Should -Match (
                '^settings missing: ClientId, ClientSecret \(found BaseUrl from .*config\.yaml\); looked in '
            )
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
            @{
                Reason = $caught.Exception.Message -replace '^.*config\.yaml, '
                Hint = $caught.ErrorDetails.RecommendedAction
            }
        }
    }
    AfterAll {
        Pop-Location
        Use-Home $HOME
        Stop-Sandbox
    }
    BeforeEach {
        Start-Keyring
        Import-Module $env:V2024_TEST_MODULE -Force
        Reset-Sandbox $sandbox
        Remove-Item Env:SAIL_*
        Set-SailFile
    }
    AfterEach {
        Stop-Keyring
    }

    It 'gives id and secret, named by Get-DefaultConfiguration and told once by -Verbose' {
        Add-Client
        $note = 'ClientId and ClientSecret come from the keyring: those of the environment ' +
            """$account"" of the sail command line"
        $output = @(Get-DefaultConfiguration -Verbose 4>&1)
        $output[-1].ClientId | Should -BeExactly $sandbox.ClientId
        $output.ForEach{ "$_" } | Should -Contain 'ClientId comes from: keyring'
        $output.ForEach{ "$_" } | Should -Contain 'ClientSecret comes from: keyring'
        $output.Where{ "$_" -ceq $note }.Count | Should -Be 1
        $verbose = { (Get-V2024PendingTasks -Limit 1 -Verbose 4>&1).Where{ "$_" -like '*keyring*' }.ForEach('Message') }
        & $verbose | Should -BeExactly $note
        & $verbose | Should -BeNullOrEmpty
        (Get-SandboxRequest $sandbox -All).operation | Should -Be 'token', 'pending', 'pending'
    }
    It 'its secret is in no stream' {
        Add-Client
        $streams = {
            Get-DefaultConfiguration -Verbose -Debug
            Get-V2024PendingTasks -Limit 1 -Verbose -Debug
            Get-V2024TaskStatus 'no such task' -Verbose -Debug -ErrorAction Continue
        }
        $text = & $streams *>&1 | ForEach-Object { "$_"; ConvertTo-Json $_ -Depth 2 -WarningAction Ignore } |
            Out-String -Width 1000
        $text | Should -BeLike '*ClientSecret comes from: keyring*'
        $text | Should -Not -BeLike "*$($sandbox.ClientSecret)*"
    }
    It 'gives no secret alone: an id of the environment is not used with it' {
        Add-Client
        $env:SAIL_CLIENT_ID = 'another'
        $null = Get-V2024PendingTasks -Limit 1
        (Get-DefaultConfiguration).ClientId | Should -BeExactly $sandbox.ClientId
    }
    It 'is opened after the system''s proxy was asked for, and for one client' {
        class Asked : Net.IWebProxy {
            [Net.ICredentials] $Credentials
            [scriptblock] $Do
            [uri] GetProxy([uri] $Target) { return $null }
            [bool] IsBypassed([uri] $Target) {
                & $this.Do $Target
                return $true
            }
        }
        $default = [Net.Http.HttpClient]::DefaultProxy
        $asked = [Collections.Generic.List[uri]]::new()
        # A client that was made before would have found the keyring empty.
        [Net.Http.HttpClient]::DefaultProxy = [Asked]@{
            Do = {
                param([uri] $Target)
                if ($asked.Count -eq 0) { Add-Client }
                $asked.Add($Target)
            }
        }
        try {
            Set-DefaultConfiguration -TokenUrl "$($sandbox.BaseUrl)/oauth/token" -BaseUrl $sandbox.BaseUrl
            $asked | Should -BeNullOrEmpty
            @(Get-V2024PendingTasks -Limit 1).Count | Should -Be 1
        }
        finally { [Net.Http.HttpClient]::DefaultProxy = $default }
        $asked | Should -Be "$($sandbox.BaseUrl)/", "$($sandbox.BaseUrl)/oauth/token"
        (Get-SandboxRequest $sandbox).operation | Should -Be 'pending'
    }
    It 'without the entries, the error says what is missing and what to set' {
        $refusal = Get-Refusal
        $refusal.Reason |
            Should -BeExactly "the keyring for its environment ""$account"" (it has no $clientId for ""$account"")"
        $refusal.Hint | Should -BeExactly (
            'store them again with the sail command line, or set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET'
        )
        Add-KeyringEntry $clientId $account $sandbox.ClientId
        (Get-Refusal).Reason |
            Should -BeExactly "the keyring for its environment ""$account"" (it has no $clientSecret for ""$account"")"
    }
    It 'oauth: its access token is used while it holds, and then the error names sail' {
        Set-SailFile OAuth
        Add-KeyringEntry environments.oauth.accesstoken $account (New-SandboxToken $sandbox)
        Add-KeyringEntry environments.oauth.expiry $account '2199-01-01T00:00:00+02:00'
        Reset-Sandbox $sandbox
        @(Get-V2024PendingTasks -Limit 1).Count | Should -Be 1
        (Get-SandboxRequest $sandbox -All).operation | Should -Be 'pending'
        Reset-Sandbox $sandbox
        Add-KeyringEntry environments.oauth.expiry $account '2026-01-01T00:00:00+02:00'
        Import-Module $env:V2024_TEST_MODULE -Force
        $refusal = Get-Refusal
        $refusal.Reason | Should -BeExactly (
            "the keyring for its environment ""$account"" (its access token expired at 2025-12-31T22:00:00Z)"
        )
        $refusal.Hint | Should -BeExactly (
            'run a command of sail, which logs in again, or set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET'
        )
    }
    It 'locked, it gives nothing at once and asks nobody' {
        Add-Client
        Lock-Keyring
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $refusal = Get-Refusal
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        $refusal.Reason | Should -BeExactly "the keyring for its environment ""$account"" (it is locked)"
        $refusal.Hint | Should -BeExactly $hint
    }
    It 'without a session bus, it gives nothing at once' {
        Remove-Item Env:DBUS_SESSION_BUS_ADDRESS, Env:XDG_RUNTIME_DIR
        (Get-Refusal).Reason |
            Should -BeExactly "the keyring for its environment ""$account"" (there is no session bus)"
    }
}
