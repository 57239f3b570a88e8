# Settings that Get-DefaultConfiguration returned are given back after others were in force. Each tenant shows what it
# received.
Describe 'Saved settings' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        # Puts BaseUrl, ClientId and ClientSecret, or other settings, where a source is looked for.
        function Set-Source {
            param([string] $Source, [hashtable] $Settings)
            Remove-Item Env:SAIL_* -ErrorAction Ignore
            Remove-Item -Recurse "$home1/config.json", "$home1/.sailpoint" -Force -ErrorAction Ignore
            switch ($Source) {
                'environment' {
                    $env:SAIL_BASE_URL = $Settings.BaseUrl
                    $env:SAIL_CLIENT_ID = $Settings.ClientId
                    $env:SAIL_CLIENT_SECRET = $Settings.ClientSecret
                }
                'config.json' { Set-Content "$home1/config.json" (ConvertTo-Json $Settings) }
                'another folder' {
                    $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
                    Set-Content "$folder/config.json" (ConvertTo-Json $Settings)
                    Set-Location $folder
                }
                'config.yaml' {
                    $null = New-Item -ItemType Directory "$home1/.sailpoint"
                    Set-Content "$home1/.sailpoint/config.yaml" @"
activeenvironment: x
environments:
  x:
    baseurl: $($Settings.BaseUrl)
    pat:
      clientid: $($Settings.ClientId)
      clientsecret: $($Settings.ClientSecret)
"@
                }
                'explicit' { Set-DefaultConfiguration @Settings }
            }
        }
        # A server that keeps all that it receives, secrets too: a tenant that accepts everything, and a proxy.
        $serve = {
            param([Net.Sockets.TcpListener] $Listener, [Collections.Concurrent.ConcurrentQueue[string]] $Received)
            while ($true) {
                $client = $Listener.AcceptTcpClient()
                $reader = [IO.StreamReader]::new($client.GetStream())
                $text = ''
                do { $line = $reader.ReadLine(); $text += "$line`n" } while ($line)
                if ($text -match 'content-length: (\d+)') {
                    $body = [char[]]::new([int] $Matches[1])
                    $text += [string]::new($body, 0, $reader.ReadBlock($body, 0, $body.Length))
                }
                $Received.Enqueue($text)
                $json = $text.StartsWith('POST') ? '{"access_token":"t","expires_in":700}' : '[]'
                $bytes = [Text.Encoding]::ASCII.GetBytes(
                    "HTTP/1.1 200 OK`r`nConnection: close`r`nContent-Type: application/json`r`n" +
                    "Content-Length: $($json.Length)`r`n`r`n$json")
                $client.GetStream().Write($bytes)
                $client.Close()
            }
        }
        function Start-Receiver {
            $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            $listener.Start()
            $received = [Collections.Concurrent.ConcurrentQueue[string]]::new()
            $shell = [powershell]::Create().AddScript($serve).AddArgument($listener).AddArgument($received)
            $null = $shell.BeginInvoke()
            [pscustomobject] @{
                BaseUrl  = "http://$($listener.LocalEndpoint)"
                Received = $received
                Listener = $listener
                Shell    = $shell
            }
        }
        function Get-Own {
            param($Tenant)
            @{ BaseUrl = $Tenant.BaseUrl; ClientId = 'aid'; ClientSecret = 'asecret' }
        }
        # All that a tenant, or a proxy, received.
        function Get-Sent { param($Tenant) $Tenant.Received -join "`n" }
        function ConvertTo-Basic {
            param([string] $Login)
            'Basic ' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Login))
        }
        function New-Secret { param([string] $Text) ConvertTo-SecureString $Text -AsPlainText }
    }
    AfterAll {
        Use-Home $HOME
        Remove-Item Env:SAIL_* -ErrorAction Ignore
    }
    BeforeEach {
        # New tenants, for which this process has no token yet.
        $tenantB = Start-Receiver
        $tenantA = Start-Receiver
        $a = Get-Own $tenantA
        $b = @{ BaseUrl = $tenantB.BaseUrl; ClientId = 'bid'; ClientSecret = 'bsecret' }
        Remove-Item Env:SAIL_* -ErrorAction Ignore
        $home1 = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
        Use-Home $home1
        Push-Location $home1
        # A newly imported module has no explicit settings.
        Import-Module $env:V2024_TEST_MODULE -Force
    }
    AfterEach {
        Pop-Location
        foreach ($tenant in $tenantA, $tenantB) {
            $tenant.Listener.Stop()
            $tenant.Shell.Dispose()
        }
    }

    It 'from <First> come back with their own secret after others from <Second>' -TestCases @(
        @{ First = 'environment'; Second = 'environment' }
        @{ First = 'environment'; Second = 'config.json' }
        @{ First = 'environment'; Second = 'explicit' }
        @{ First = 'config.json'; Second = 'config.json' }
        @{ First = 'config.json'; Second = 'another folder' }
        @{ First = 'config.json'; Second = 'environment' }
        @{ First = 'config.yaml'; Second = 'config.yaml' }
        @{ First = 'config.yaml'; Second = 'explicit' }
        @{ First = 'explicit'; Second = 'environment' }
        @{ First = 'explicit'; Second = 'explicit' }
    ) {
        Set-Source $First $a
        $old = Get-DefaultConfiguration
        Set-Source $Second $b
        if ($First -eq 'explicit' -and $Second -ne 'explicit') {
            Set-DefaultConfiguration -BaseUrl $null -ClientId $null -ClientSecret $null
        }
        Get-V2024TaskStatusList | Should -BeNullOrEmpty
        Get-Sent $tenantB | Should -BeLike '*client_id=bid&client_secret=bsecret*'
        $tenantB.Received.Clear()
        [gc]::Collect()

        Set-DefaultConfiguration @old
        Get-V2024TaskStatusList | Should -BeNullOrEmpty
        $tenantA.Received.Count | Should -Be 2
        Get-Sent $tenantA | Should -BeLike '*client_id=aid&client_secret=asecret*Bearer t*'
        $tenantB.Received | Should -BeNullOrEmpty
        # What was given back can be saved and given back too.
        $again = Get-DefaultConfiguration
        Set-DefaultConfiguration @b
        Set-DefaultConfiguration @again
        Get-V2024TaskStatusList | Should -BeNullOrEmpty
        $tenantA.Received.Count | Should -Be 3
        $tenantB.Received | Should -BeNullOrEmpty
    }
    It 'that are not splatted are refused: they would become the name of their type as a BaseUrl' {
        $settings = @{ BaseUrl = 'https://t.test'; ClientSecret = 'secret-of-mine' }
        foreach ($given in [ordered]@{ BaseUrl = 'https://t.test' }, $settings, [pscustomobject] $settings) {
            $record = { Set-DefaultConfiguration $given } | Should -Throw -PassThru
            $record.Exception.Message | Should -BeExactly ('BaseUrl was given an object instead of a text. ' +
                'To give back saved settings, write Set-DefaultConfiguration @settings, with an @ instead of the $')
            Get-Error -InputObject $record | Out-String | Should -Not -BeLike '*secret-of-mine*'
        }
        { Set-DefaultConfiguration -ConsumerIdentifier System.Reports } | Should -Not -Throw
    }
    It 'come back with the token of a file' {
        Set-Source config.json @{ BaseUrl = $a.BaseUrl; Token = 'atoken' }
        $old = Get-DefaultConfiguration
        Set-Source config.json @{ BaseUrl = $b.BaseUrl; Token = 'btoken' }
        $null = Get-V2024TaskStatusList
        Get-Sent $tenantB | Should -BeLike '*Bearer btoken*'
        Set-DefaultConfiguration @old
        $null = Get-V2024TaskStatusList
        $tenantA.Received.Count | Should -Be 1
        Get-Sent $tenantA | Should -BeLike '*Bearer atoken*'
    }
    It 'that had no Token take none from elsewhere' {
        Set-DefaultConfiguration @a
        $old = Get-DefaultConfiguration
        Set-DefaultConfiguration -BaseUrl $null -ClientId $null -ClientSecret $null
        Set-Source config.json ($b + @{ Token = 'btoken' })
        (Get-DefaultConfiguration).Token | Should -Be '********'
        Set-DefaultConfiguration @old
        $null = Get-V2024TaskStatusList
        Get-Sent $tenantA | Should -BeLike '*client_id=aid&client_secret=asecret*Bearer t*'
        Get-Sent $tenantA | Should -Not -BeLike '*btoken*'
        (Get-DefaultConfiguration).Token | Should -BeNullOrEmpty
        # Until that is removed by hand.
        Set-DefaultConfiguration -Token $null
        (Get-DefaultConfiguration).Token | Should -Be '********'
    }
    It 'that were incomplete stay so, and the error says why' {
        Set-DefaultConfiguration -BaseUrl $a.BaseUrl -ClientId $a.ClientId
        $old = Get-DefaultConfiguration
        Set-Source environment $b
        Set-DefaultConfiguration @old
        $caught = try { Get-V2024TaskStatusList } catch { $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'InvalidSettings,Get-V2024TaskStatusList'
        $caught.ErrorDetails.RecommendedAction | Should -BeLike '*had no ClientSecret when they were saved*'
        $tenantA.Received | Should -BeNullOrEmpty
        Set-DefaultConfiguration -ClientSecret $null
        (Get-DefaultConfiguration).ClientSecret | Should -Be '********'
    }
    It 'come back with a proxy and its <Kind>' -TestCases @(
        @{
            Kind = 'credential'
            Given = { @{ Proxy = $proxy; ProxyCredential = [pscredential]::new('dom\user', (New-Secret 'a-word')) } }
        }
        @{
            Kind = 'network credential'
            Given = { @{ Proxy = $proxy; ProxyCredential = [Net.NetworkCredential]::new('user', 'a-word', 'dom') } }
        }
        @{ Kind = 'address with a password'; Given = { @{ Proxy = $proxy.Replace('//', '//dom%5Cuser:a-word@') } } }
        @{
            Kind = 'WebProxy'
            Given = {
                $web = [Net.WebProxy]::new($proxy)
                $web.Credentials = [Net.NetworkCredential]::new('dom\user', 'a-word')
                @{ Proxy = $web }
            }
        }
        @{
            Kind = 'credential of a file'
            Given = { @{ Proxy = $proxy; ProxyCredential = @{ UserName = 'dom\user'; Password = 'a-word' } } }
        }
        @{ Kind = 'password of a file'; Given = { @{ Proxy = $proxy.Replace('//', '//dom%5Cuser:a-word@') } } }
    ) {
        $proxy = $tenantA.BaseUrl
        $source = $Kind -like '*file' ? 'config.json' : 'explicit'
        $own = @{ BaseUrl = "http://$([guid]::NewGuid()).example"; AllowHttp = $true }
        Set-Source $source (@{ ClientId = 'aid'; ClientSecret = 'asecret' } + $own + (& $Given))
        $old = Get-DefaultConfiguration -WarningAction Ignore
        Set-Source config.json ($b + @{ Proxy = 'http://buser:bword@127.0.0.1:9' })
        Set-DefaultConfiguration -Proxy $tenantB.BaseUrl -ProxyCredential (
            [pscredential]::new('buser', (New-Secret 'bword')))
        Set-DefaultConfiguration @old
        $null = Get-V2024TaskStatusList
        $tenantA.Received.Count | Should -Be 2
        $tenantA.Received | Should -BeLike "*proxy-authorization: $(ConvertTo-Basic 'dom\user:a-word')*"
        $tenantB.Received | Should -BeNullOrEmpty
        # The credential goes to no other proxy.
        $old.Proxy = $tenantB.BaseUrl
        Set-DefaultConfiguration @old
        $null = Get-V2024TaskStatusList
        $tenantB.Received.Count | Should -Be 1
        $tenantB.Received | Should -Not -BeLike '*proxy-authorization*'
    }
    It 'a credential of a proxy, given back without that proxy, is refused' {
        Set-DefaultConfiguration -Proxy $tenantA.BaseUrl -ProxyCredential (
            [pscredential]::new('user', (New-Secret 'a-word')))
        $old = Get-DefaultConfiguration
        Set-DefaultConfiguration -ProxyCredential $old.ProxyCredential
        Set-DefaultConfiguration -Proxy $tenantB.BaseUrl
        { Set-DefaultConfiguration -ProxyCredential $old.ProxyCredential } |
            Should -Throw -ErrorId 'InvalidArgument,Set-DefaultConfiguration' -ExpectedMessage 'ProxyCredential*Proxy*'
        (Get-DefaultConfiguration).ProxyCredential | Should -BeNullOrEmpty
    }
    It 'hold no secret, and their <Name> is refused as an equal text from elsewhere' -TestCases @(
        @{ Name = 'Token' }, @{ Name = 'ClientSecret' }, @{ Name = 'Proxy' }, @{ Name = 'ProxyCredential' }
    ) {
        Set-Source explicit $a
        $credential = [pscredential]::new('user', (New-Secret 'a-word'))
        Set-DefaultConfiguration -Token 'a-token' -Proxy 'http://user:a-word@127.0.0.1:9' -ProxyCredential $credential
        $old = Get-DefaultConfiguration
        $file = "$TestDrive/saved.xml"
        $old | Export-Clixml $file
        Get-Content -Raw $file | Should -Not -Match "a-word|a-token|sealed|$($a.ClientSecret)"
        $env:SAIL_CLIENT_SECRET = 'other'
        $another = { param($Module) Import-Module $Module; (Get-DefaultConfiguration).ClientSecret }
        $job = Start-ThreadJob $another -ArgumentList $env:V2024_TEST_MODULE
        $elsewhere = @(
            [pscustomobject] (Import-Clixml $file)
            $old | ConvertTo-Json | ConvertFrom-Json
            [pscustomobject] @{ $Name = "$($old[$Name])" + '' }
            [pscustomobject] @{ $Name = '********' }
            if ($Name -ne 'Proxy') { [pscustomobject] @{ $Name = $job | Receive-Job -Wait -AutoRemoveJob } }
        )
        foreach ($settings in $elsewhere) {
            $given = @{ $Name = $settings.$Name }
            $given[$Name] | Should -BeLike '*[*][*][*][*][*][*][*][*]*'
            $caught = try { Set-DefaultConfiguration @given -MaximumRetryCount 4 } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Set-DefaultConfiguration'
            $caught.Exception.Message | Should -BeLike "$Name is masked*"
        }
        (Get-DefaultConfiguration).MaximumRetryCount | Should -Be 10
    }
}
