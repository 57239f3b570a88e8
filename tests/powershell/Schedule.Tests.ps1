# The examples of scheduling, each with what its scheduler would run. No test has a container engine, a scheduler of
# Windows or a runner of GitHub: stand-ins are called with what those would get.
Describe 'Schedule' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $examples = (Resolve-Path "$PSScriptRoot/../../examples").ProviderPath
        # The module as it is found when it is installed.
        $modules = "$TestDrive/modules"
        $null = New-Item -ItemType Directory -Path $modules
        $name = (Get-ChildItem $env:V2024_TEST_MODULE -Filter *.psd1).BaseName
        Copy-Item -LiteralPath $env:V2024_TEST_MODULE -Destination "$modules/$name" -Recurse
        $installed = @{ PSModulePath = "$modules$([IO.Path]::PathSeparator)$PSHOME/Modules" }
        $failed = 'Tasks that failed in the last 24 hours: {0}, in {1}'
        # How many tasks failed in the last day.
        Import-Module $env:V2024_TEST_MODULE -Force
        $statuses = 'ERROR', 'TEMPERROR', 'TERMINATED'
        $yesterday = [datetime]::UtcNow.AddHours(-24)
        $count = @(Get-V2024TaskStatusList -All -CompletionStatus $statuses |
                Where-Object completed -GE $yesterday).Count
        $count | Should -BeGreaterThan 0
        function Get-Export {
            param([string] $Folder)
            @(Get-ChildItem -LiteralPath $Folder -Filter 'failures-????-??-??.csv')
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox }

    Context 'cron' {
        BeforeAll {
            $cron = "$examples/schedule/cron"
            $box = "$TestDrive/cron box"
            $null = New-Item -ItemType Directory -Path "$box/job", "$box/bin", "$box/secrets", "$box/empty"
            # The files that the image has.
            $copied = [regex]::Match((Get-Content -Raw "$cron/Containerfile"), '(?m)^COPY (examples.*) /job/$')
            foreach ($file in $copied.Groups[1].Value.Split(' ')) { Copy-Item "$examples/../$file" "$box/job" }
            Set-Content "$box/secrets/sail_client_id" $sandbox.ClientId -NoNewline
            # As podman keeps what was typed with Enter.
            Set-Content "$box/secrets/sail_client_secret" $sandbox.ClientSecret
            # A podman that runs the image's entry point with what the options name, and with nothing else.
            Set-Content -LiteralPath "$box/bin/podman" @"
#!/bin/sh
printf '%s\n' "`$@" > '$box/arguments'
set -e
for word; do
    case `$word in
        --env=*) variable=`${word#--env=} ;;
        --volume=*:/out:Z) OUT=`${word#--volume=}; OUT=`${OUT%:/out:Z} ;;
    esac
done
exec env -i PATH='$($PSHOME):/usr/bin:/bin' HOME='$box/empty' PSModulePath='$($installed.PSModulePath)' \
    SECRETS='$box/secrets' OUT="`$OUT" "`$variable" NO_COLOR=1 /bin/sh '$box/job/export'
"@
            if (-not $IsWindows) { chmod +x "$box/bin/podman" }
            # Runs the line as cron does: with the crontab's variables, in sh.
            function Invoke-Crontab {
                param([string] $BaseUrl, [string] $UserHome)
                $null = New-Item -ItemType Directory -Path "$UserHome/failed-tasks" -Force
                $lines = Get-Content "$cron/crontab" | Where-Object { $_ -notmatch '^#' }
                $variables = $lines.Where{ $_ -match '^[A-Z]+=' } -replace '^TENANT=.*', "TENANT=$BaseUrl"
                $command = @($lines.Where{ $_ -match '^[\d*]' })
                $command.Count | Should -Be 1
                # To cron, this character ends the line.
                $command[0] | Should -Not -Match '%'
                $command[0] -match '^(\S+ ){5}(.*)$' | Should -BeTrue
                $output = env -i "PATH=$box/bin:/usr/bin:/bin" "HOME=$UserHome" $variables sh -c $Matches[2] 2>&1
                [pscustomobject]@{ Output = $output -join "`n"; ExitCode = $LASTEXITCODE }
            }
        }
        It 'the line of the crontab exports the failures, with an empty home and environment' {
            $run = Invoke-Crontab $sandbox.BaseUrl "$TestDrive/cronhome"
            $run.ExitCode | Should -Be 0
            $file = (Get-Export "$TestDrive/cronhome/failed-tasks").FullName
            $run.Output | Should -BeExactly ($failed -f $count, $file)
            @(Import-Csv -LiteralPath $file).Count | Should -Be $count
            $arguments = Get-Content -Raw "$box/arguments"
            $arguments | Should -BeLike '*--secret=sail_client_id*--secret=sail_client_secret*'
            $arguments | Should -Not -Match ([regex]::Escape($sandbox.ClientSecret))
        }
        It 'a refused secret is printed and is exit code 1' {
            Set-Content "$box/secrets/sail_client_secret" 'wrong'
            try { $run = Invoke-Crontab $sandbox.BaseUrl "$TestDrive/refused" }
            finally { Set-Content "$box/secrets/sail_client_secret" $sandbox.ClientSecret }
            $run.ExitCode | Should -Be 1
            $run.Output | Should -BeLike '*| invalid client credentials: POST *: 401*'
            Get-Export "$TestDrive/refused/failed-tasks" | Should -BeNullOrEmpty
        }
        It 'a secret that is missing is an error before any request' {
            Rename-Item "$box/secrets/sail_client_id" 'gone'
            try { $run = Invoke-Crontab $sandbox.BaseUrl "$TestDrive/missing" }
            finally { Rename-Item "$box/secrets/gone" 'sail_client_id' }
            $run.ExitCode | Should -Be 1
            $run.Output | Should -Match '^cat: .*sail_client_id''?: No such file or directory$'
            Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
        }
    }

    Context 'Windows Task Scheduler' {
        BeforeAll {
            $scripts = "$TestDrive/my scripts"
            $null = New-Item -ItemType Directory -Path $scripts
            Copy-Item "$examples/schedule/windows/*.ps1", "$examples/powershell/Export-Failures.ps1" $scripts
            # Registers with stand-ins for the cmdlets of the module ScheduledTasks. Returns what they got.
            function Register-Example {
                param([string] $Folder, [string] $Secret)
                $run = Invoke-Child -Prelude '' -Environment $installed -Script @"
function New-ScheduledTaskAction { param(`$Execute, `$Argument) @{ Execute = `$Execute; Argument = `$Argument } }
function New-ScheduledTaskTrigger { param([switch] `$Daily, [datetime] `$At) "daily `$(`$At.ToString('HH:mm'))" }
function New-ScheduledTaskSettingsSet {
    param([switch] `$StartWhenAvailable, `$MultipleInstances, [timespan] `$ExecutionTimeLimit)
    "`$StartWhenAvailable `$MultipleInstances `$ExecutionTimeLimit"
}
function Register-ScheduledTask {
    param(`$TaskName, `$Action, `$Trigger, `$Settings, `$User, `$Password)
    [pscustomobject] `$PSBoundParameters | ConvertTo-Json > '$Folder.json'
}
`$client = [pscredential]::new('$($sandbox.ClientId)', (ConvertTo-SecureString '$Secret' -AsPlainText))
`$account = [pscredential]::new('ACME\jobs', (ConvertTo-SecureString 'of Windows' -AsPlainText))
`$people = @{ Client = `$client; Account = `$account }
& '$scripts/Register-Export.ps1' -BaseUrl $($sandbox.BaseUrl) -Folder '$Folder\' @people
"@
                $run.Errors | Should -BeNullOrEmpty
                $run.ExitCode | Should -Be 0
                $log = Join-Path $Folder export.log
                $run.Output | Should -BeExactly "'Failed tasks' runs every day at 06:00; see $log"
                Get-Content -Raw "$Folder.json" | ConvertFrom-Json
            }
            # Runs what the scheduler would, and returns its exit code.
            function Invoke-Registered {
                param($Task)
                $start = [Diagnostics.ProcessStartInfo]::new((Get-Shell), $Task.Action.Argument)
                $start.Environment['PSModulePath'] = $installed.PSModulePath
                foreach ($variable in @($start.Environment.Keys) -like 'SAIL_*') {
                    $null = $start.Environment.Remove($variable)
                }
                $process = [Diagnostics.Process]::Start($start)
                $process.WaitForExit()
                $process.ExitCode
            }
        }
        It 'registers a task whose command has no secret, and which exports the failures' {
            $folder = "$TestDrive$([IO.Path]::DirectorySeparatorChar)failed tasks"
            $task = Register-Example $folder $sandbox.ClientSecret
            $task.TaskName, $task.Trigger, $task.Settings, $task.User, $task.Password |
                Should -Be 'Failed tasks', 'daily 06:00', 'True IgnoreNew 02:00:00', 'ACME\jobs', 'of Windows'
            $task.Action.Execute | Should -BeExactly (Join-Path $PSHOME pwsh.exe)
            $task.Action.Argument | Should -Not -Match ([regex]::Escape($sandbox.ClientSecret))
            $task.Action.Argument | Should -Not -Match ([regex]::Escape($sandbox.ClientId))
            Invoke-Registered $task | Should -Be 0
            $file = (Get-Export $folder).FullName
            @(Import-Csv -LiteralPath $file).Count | Should -Be $count
            $log = @(Get-Content -LiteralPath "$folder/export.log")
            $log.Count | Should -Be 1
            $log[0] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ '
            $log[0].Substring(21) | Should -BeExactly ($failed -f $count, $file)
        }
        It 'a refused secret is in the log and is exit code 1' {
            $folder = "$TestDrive$([IO.Path]::DirectorySeparatorChar)refused tasks"
            $task = Register-Example $folder 'wrong'
            Invoke-Registered $task | Should -Be 1
            $log = Get-Content -Raw -LiteralPath "$folder/export.log"
            $log | Should -BeLike '*Z AuthenticationFailed: invalid client credentials: POST *'
            Get-Export $folder | Should -BeNullOrEmpty
        }
    }

    Context 'GitHub Actions' {
        BeforeAll {
            $workflow = Get-Content -Raw "$examples/schedule/github/failed-tasks.yml"
            # The step that exports, as the runner starts it for `shell: pwsh`.
            function Invoke-Step {
                param([string] $Folder, [hashtable] $Environment)
                $null = New-Item -ItemType Directory -Path $Folder
                Copy-Item "$examples/powershell/Export-Failures.ps1" $Folder
                $line = [regex]::Match($workflow, '(?m)^ +- run: (\./Export-Failures\.ps1 .*)$').Groups[1].Value
                $line | Should -Not -BeNullOrEmpty
                $script = "`$ErrorActionPreference = 'stop'`n$line`n" +
                    'if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }'
                Invoke-Child -Prelude '' -Script $script -Folder $Folder -Environment ($installed + $Environment)
            }
        }
        It 'the step exports the failures to the file that is uploaded' {
            $run = Invoke-Step "$TestDrive/step" @{}
            $run.Errors | Should -BeNullOrEmpty
            $run.ExitCode | Should -Be 0
            $run.Output | Should -BeExactly ($failed -f $count, 'failures.csv')
            $workflow | Should -Match '(?m)^ +path: failures\.csv$'
            @(Import-Csv "$TestDrive/step/failures.csv").Count | Should -Be $count
        }
        It 'the step fails where a secret is refused or not set' {
            (Invoke-Step "$TestDrive/wrong" @{ SAIL_CLIENT_SECRET = 'wrong' }).ExitCode | Should -Be 1
            # GitHub sets what does not exist to nothing.
            (Invoke-Step "$TestDrive/unset" @{ SAIL_CLIENT_SECRET = '' }).ExitCode | Should -Be 1
        }
        It 'secrets are in the variables of that step alone' {
            $steps = @($workflow -split '(?m)^ +- (?=\w+:)' -like '*{{ secrets.*')
            $steps.Count | Should -Be 1
            $steps[0] | Should -BeLike 'run: ./Export-Failures.ps1 *'
        }
    }
}
