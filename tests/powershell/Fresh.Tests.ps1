# The module in new PowerShell processes in which nothing else was used: no profile, an empty home folder and an empty
# cache folder. (PowerShell preloads what earlier processes used, from a list in the cache folder, and that hides what
# is missing.) And in the sessions that scripts start: jobs, parallel blocks, pools, nested modules.
Describe 'A fresh process' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $module = $env:V2024_TEST_MODULE
        function Invoke-Fresh {
            param([string] $Script, [hashtable] $Environment = @{}, [string] $Prelude = "Import-Module '$module'")
            $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
            $empty = @{ HOME = "$folder"; USERPROFILE = "$folder"; XDG_CACHE_HOME = "$folder/cache" }
            Invoke-Child -Script $Script -Prelude $Prelude -Environment ($empty + $Environment) -Folder $folder
        }
        # The script's output lines, if it ended well.
        function Get-Fresh {
            param([string] $Script, [hashtable] $Environment = @{}, [string] $Prelude = "Import-Module '$module'")
            $run = Invoke-Fresh -Script $Script -Environment $Environment -Prelude $Prelude
            $run.Errors | Should -BeNullOrEmpty
            $run.ExitCode | Should -Be 0
            $run.Output -split "`n"
        }
        $http = 'Microsoft.PowerShell.Commands.HttpResponseException'
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    Context 'each command' {
        It 'works: <Line>' -TestCases @(
            @{ Line = 'Complete-V2024PendingTask (Get-V2024PendingTasks -Limit 1).id -Confirm:$false' }
            @{ Line = 'ConvertFrom-V2024JsonToJsonPatchOperation -Json ''{"op":"test","path":"/a"}''' }
            @{ Line = 'ConvertFrom-V2024JsonToTaskStatus -Json "{}"' }
            @{ Line = 'Get-DefaultConfiguration' }
            @{ Line = 'Get-V2024PendingTaskHeaders -Count $true' }
            @{ Line = 'Get-V2024PendingTasks -Limit 1' }
            @{ Line = 'Get-V2024TaskStatus (Get-V2024TaskStatusList -Limit 1).id' }
            @{ Line = 'Get-V2024TaskStatusList -Limit 1' }
            @{ Line = 'Initialize-V2024JsonPatchOperation -Op test -Path /a' }
            @{ Line = 'Initialize-V2024TaskStatus -Id 1' }
            @{ Line = 'Invoke-Paginate -Function Get-V2024TaskStatusList -Increment 1 -Limit 1 -WarningAction Ignore' }
            @{ Line = 'Set-DefaultConfiguration -MaximumRetryCount 1 -PassThru' }
            @{ Line = 'Update-V2024TaskStatus (Get-V2024PendingTasks)[0].id @{ op = "remove"; path = "/progress" }' }
            @{ Line = 'Get-V2024TaskStatusList -Limit 1 -CompletionStatus SUCCESS | Wait-V2024TaskStatus' }
        ) {
            Get-Fresh "@($Line).Count" | Should -Be '1'
        }
        It 'fails with the tenant''s error, which ends the script with exit code 1: <Line>' -TestCases @(
            @{ Line = 'Complete-V2024PendingTask x -Confirm:$false' }
            @{ Line = 'Get-V2024PendingTaskHeaders' }
            @{ Line = 'Get-V2024PendingTasks' }
            @{ Line = 'Get-V2024PendingTasks -All' }
            @{ Line = 'Get-V2024TaskStatus x' }
            @{ Line = 'Get-V2024TaskStatusList' }
            @{ Line = 'Get-V2024TaskStatusList -All -After 2020-01-01' }
            @{ Line = 'Invoke-Paginate -Function Get-V2024TaskStatusList' }
            @{ Line = 'Update-V2024TaskStatus x @{ op = "remove"; path = "/progress" }' }
            @{ Line = 'Wait-V2024TaskStatus x' }
        ) {
            $caught = "catch [$http] { `"`$([int] `$_.Exception.Response.StatusCode)`" }"
            Add-SandboxResponse $sandbox 403 -Body '{"detailCode":"403 Forbidden"}' -Times 0
            $run = Invoke-Fresh "try { $Line } $caught`n$Line`n'after'"
            $run.Output, $run.ExitCode | Should -Be '403', 1
            $run.Errors | Should -BeLike "*$($run.File):3*"
            $run.Errors | Should -BeLike '*403*'
        }
        It 'fails for an argument, which ends the script with exit code 1: <Line>' -TestCases @(
            @{ Line = 'ConvertFrom-V2024JsonToJsonPatchOperation -Json "["' }
            @{ Line = 'ConvertFrom-V2024JsonToTaskStatus -Json "["' }
            @{ Line = 'Get-V2024TaskStatusList -Limit 251' }
            @{ Line = 'Set-DefaultConfiguration -Token @{}' }
            @{ Line = 'Set-DefaultConfiguration -Proxy @{}' }
            @{ Line = 'Set-DefaultConfiguration -Credential admin' }
        ) {
            # A clause that names the type of another error does not stand in the way.
            $run = Invoke-Fresh "try { $Line } catch [$http] { 'http' } catch { 'other' }`n$Line`n'after'"
            $run.Output, $run.ExitCode | Should -Be 'other', 1
        }
        It 'a question without a user ends the script with exit code 1, and changes nothing: <Line>' -TestCases @(
            @{ Line = 'Get-V2024PendingTasks -Limit 2 | Complete-V2024PendingTask' }
            @{ Line = 'Complete-V2024PendingTask (Get-V2024PendingTasks -Limit 1).id -CompletionStatus ERROR' }
            @{ Line = 'Update-V2024TaskStatus x @{ op = "remove"; path = "/progress" } -Confirm' }
        ) {
            $run = Invoke-Fresh "`$ErrorView = 'CategoryView'`n$Line`n'after'"
            $run.Output, $run.ExitCode | Should -Be '', 1
            $run.Errors | Should -BeLike 'InvalidArgument: (*String) `[*-V2024*], ArgumentException'
            $run = Invoke-Fresh "try { $Line } catch { `$_.Exception.Message }"
            $run.Output | Should -BeExactly (
                'this session has nobody to ask for confirmation: -Confirm:$false goes on without a question')
            @(Get-SandboxRequest $sandbox).ForEach{ $_.operation } | Should -Not -Contain 'update'
        }
        It 'the lists above have every command' {
            $command = '\w+-(V2024|Default|Paginate)\w*'
            $tested = Select-String -LiteralPath $PSCommandPath -Pattern "@\{ Line = '(.*)'" |
                ForEach-Object { [regex]::Matches($_.Matches[0].Groups[1].Value, $command).Value }
            $commands = (Get-Content -Raw "$module/V2024TaskManagement.psd1" |
                    Select-String -AllMatches "'(\w+-\w+)'").Matches.ForEach{ $_.Groups[1].Value }
            $commands.Where{ $_ -notin $tested } | Should -Be 'ConvertFrom-JsonToJsonPatchOperation'
        }
        It '$ErrorActionPreference <Preference>: <Output>, exit code <ExitCode>' -TestCases @(
            @{ Preference = 'Continue'; Output = ''; ExitCode = 1 }
            @{ Preference = 'Stop'; Output = ''; ExitCode = 1 }
            @{ Preference = 'Inquire'; Output = ''; ExitCode = 1 }
            @{ Preference = 'SilentlyContinue'; Output = 'after'; ExitCode = 0 }
            @{ Preference = 'Ignore'; Output = 'after'; ExitCode = 0 }
        ) {
            $run = Invoke-Fresh "`$ErrorActionPreference = '$Preference'`nGet-V2024TaskStatus gone`n'after'"
            $run.Output, $run.ExitCode | Should -Be $Output, $ExitCode
            if ($ExitCode) { $run.Errors | Should -BeLike '*404*' } else { $run.Errors | Should -BeNullOrEmpty }
        }
    }

    Context 'the sessions that a script starts' {
        BeforeAll {
            # Each sets its own secrets, uses them, and catches an error by its type.
            $work = @"
Import-Module '$module'
`$secret = ConvertTo-SecureString '$($sandbox.ClientSecret)' -AsPlainText
Set-DefaultConfiguration -ClientId '$($sandbox.ClientId)' -ClientSecret `$secret
`$caught = try { Get-V2024TaskStatus gone } catch [$http] { [int] `$_.Exception.Response.StatusCode }
"`$caught `$(@(Get-V2024PendingTasks -All).Count)"
"@
            # The secrets of the settings, for values that no tenant knows.
            $pair = @"
Import-Module '$module'
`$number = "`$_"
foreach (`$turn in 1, 2) {
    `$secret = ConvertTo-SecureString "secret-`$number-`$turn" -AsPlainText
    Set-DefaultConfiguration -ClientId "id-`$number-`$turn" -ClientSecret `$secret -Token `$secret
    `$settings = & (Get-Module V2024TaskManagement) { `$script:Session.Clients.Settings }
    `$settings['ClientId'].Replace('id', 'secret') -ceq `$settings['ClientSecret'].Password
    `$settings['Token'].Password -ceq "secret-`$number-`$turn"
}
"@
        }
        It 'thread jobs, one after the other' {
            Get-Fresh "foreach (`$turn in 1, 2) { Start-ThreadJob { $work } | Receive-Job -Wait -AutoRemoveJob }" |
                Should -Be '404 20', '404 20'
        }
        It 'jobs' {
            Get-Fresh "Start-Job { $work } | Receive-Job -Wait -AutoRemoveJob" | Should -Be '404 20'
        }
        It 'ForEach-Object -Parallel, 40 items twice' {
            $got = Get-Fresh "foreach (`$turn in 1, 2) { 1..40 | ForEach-Object -ThrottleLimit 4 -Parallel { $work } }"
            $got | Should -Be (, '404 20' * 80)
        }
        It 'secrets stay with their ids in parallel blocks' {
            $got = Get-Fresh "foreach (`$turn in 1, 2) { 1..40 | ForEach-Object -ThrottleLimit 8 -Parallel { $pair } }"
            $got.Count | Should -Be 320
            $got | Select-Object -Unique | Should -Be 'True'
        }
        It 'a runspace pool, and the session that opened it' {
            Get-Fresh @"
foreach (`$turn in 1, 2) {
    `$pool = [runspacefactory]::CreateRunspacePool(1, 3)
    `$pool.Open()
    `$shells = foreach (`$number in 1..6) {
        `$shell = [powershell]::Create()
        `$shell.RunspacePool = `$pool
        `$null = `$shell.AddScript({ $work })
        @{ Shell = `$shell; Running = `$shell.BeginInvoke() }
    }
    `$shells.ForEach{ `$_.Shell.EndInvoke(`$_.Running) }
    `$pool.Dispose()
}
$work
"@ | Should -Be (, '404 20' * 13)
        }
        It 'a caller with strict mode' {
            Get-Fresh "Set-StrictMode -Version Latest`n$work" | Should -Be '404 20'
        }
        It 'a restricted session without a file system, as JEA has' {
            Get-Fresh -Prelude '' @"
`$state = [initialsessionstate]::CreateRestricted('RemoteServer')
`$state.ImportPSModule('$module')
`$runspace = [runspacefactory]::CreateRunspace(`$state)
`$runspace.Open()
`$list = [powershell]::Create(`$runspace).AddCommand('Get-V2024PendingTasks').AddParameter('All')
`$list.Invoke().Count
`$get = [powershell]::Create(`$runspace).AddCommand('Get-V2024TaskStatus').AddParameter('Id', 'gone')
try { `$get.Invoke() } catch { `$_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }
`$show = [powershell]::Create(`$runspace).AddCommand('Get-DefaultConfiguration')
`$show.Invoke()[0].BaseUrl
"@ | Should -Be '20', 'NotFound,Get-V2024TaskStatus', $sandbox.BaseUrl
        }
        It 'a nested module' {
            $outer = New-Item -ItemType Directory "$TestDrive/Outer"
            Set-Content "$outer/Outer.psm1" "function Test-Outer { $work }"
            Set-Content "$outer/Outer.psd1" (
                "@{ RootModule = 'Outer.psm1'; ModuleVersion = '1.0'; " +
                "NestedModules = '$module/V2024TaskManagement.psd1'; " +
                "FunctionsToExport = 'Test-Outer', 'Get-V2024TaskStatus', 'Get-V2024PendingTasks' }")
            Get-Fresh -Prelude "Import-Module '$outer'" @"
Test-Outer
try { Get-V2024TaskStatus gone } catch [$http] { 'caught' }
(TabExpansion2 'Get-V2024TaskStatus -Id ' 24).CompletionMatches.Count
"@ | Should -Be '404 20', 'caught', '20'
        }
        It 'completion in a second session, after the first has closed' {
            Get-Fresh @"
foreach (`$turn in 1, 2) {
    Start-ThreadJob {
        Import-Module '$module'
        (TabExpansion2 'Get-V2024TaskStatus -Id ' 24).CompletionMatches.Count
    } | Receive-Job -Wait -AutoRemoveJob
}
"@ | Should -Be '20', '20'
        }
        It '-Prefix' {
            Get-Fresh -Prelude "Import-Module '$module' -Prefix My" @"
Set-MyDefaultConfiguration -MaximumRetryCount 1
(Get-MyDefaultConfiguration)['MaximumRetryCount']
`$id = (Get-MyV2024PendingTasks -Limit 1).id
(Get-MyV2024TaskStatus `$id).id -eq `$id
@(Get-MyV2024PendingTasks -All -Limit 7).Count
(Get-MyV2024PendingTaskHeaders -Count `$true).TotalCount
@(Get-MyV2024TaskStatusList -All -CompletionStatus ERROR -After 2020-01-01 | Select-Object -First 2).Count
@(Invoke-MyPaginate -Function Get-MyV2024PendingTasks -Increment 7).Count
@(Invoke-MyPaginate -Function Get-V2024PendingTasks -Increment 7).Count
`$operation = Initialize-MyV2024JsonPatchOperation -Op replace -Path /description -Value new
(Update-MyV2024TaskStatus `$id `$operation).description
(Complete-MyV2024PendingTask `$id -Confirm:`$false).completionStatus
@(Wait-MyV2024TaskStatus `$id -ErrorAction Ignore).Count
@(ConvertFrom-MyV2024JsonToTaskStatus -Json '[{},{}]').Count
try { Get-MyV2024TaskStatus gone } catch [$http] { `$_.FullyQualifiedErrorId }
(TabExpansion2 'Get-MyV2024TaskStatus -Id ' 26).CompletionMatches.Count
"@ | Should -Be '1', 'True', '20', '20', '2', '20', '20', 'new', 'ERROR', '1', '2',
                'NotFound,Get-MyV2024TaskStatus', '19'
        }
    }
}
