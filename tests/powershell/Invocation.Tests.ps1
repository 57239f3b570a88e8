# What every cmdlet that calls the tenant has in common: how its output and its errors meet the caller's script.
Describe 'An invocation' {
    BeforeDiscovery {
        $listings = @(
            @{ Name = 'Get-V2024PendingTasks'; Line = 'Get-V2024PendingTasks -All -Limit 6' }
            @{ Name = 'Get-V2024TaskStatusList'; Line = 'Get-V2024TaskStatusList -All -Limit 6' }
        )
        $outputs = $listings + @(
            @{ Name = 'Invoke-Paginate'; Line = 'Invoke-Paginate -Function Get-V2024TaskStatusList -Increment 6' }
            @{ Name = 'Get-V2024TaskStatus'; Line = '(Get-V2024PendingTasks).id | Get-V2024TaskStatus' }
        )
        $calls = $listings + @(
            @{ Name = 'Get-V2024PendingTasks'; Line = 'Get-V2024PendingTasks' }
            @{ Name = 'Get-V2024TaskStatusList'; Line = 'Get-V2024TaskStatusList -Filters x' }
            @{ Name = 'Get-V2024PendingTaskHeaders'; Line = 'Get-V2024PendingTaskHeaders' }
            @{ Name = 'Get-V2024TaskStatus'; Line = 'Get-V2024TaskStatus x' }
            @{ Name = 'Update-V2024TaskStatus'; Line = 'Update-V2024TaskStatus x @{ op = "remove"; path = "/a" }' }
            @{ Name = 'Complete-V2024PendingTask'; Line = 'Complete-V2024PendingTask x -Confirm:$false' }
            @{ Name = 'Wait-V2024TaskStatus'; Line = 'Wait-V2024TaskStatus x' }
        )
    }
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $ProgressPreference = 'SilentlyContinue'
        $sandbox = Start-Sandbox @('--tasks', '20', '--pending', '20', '--progress', '0')
        $http = 'Microsoft.PowerShell.Commands.HttpResponseException'
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    Context 'output of <Line>' -ForEach $outputs {
        BeforeAll { $list = [scriptblock]::Create($Line) }
        It 'continue in a caller''s block goes on with the caller''s loop' {
            $turns = foreach ($turn in 1..3) {
                $number = 0
                & $list | ForEach-Object { if (++$number -eq 8) { continue } }
                'not reached'
            }
            $turns | Should -BeNullOrEmpty
            $seen = foreach ($turn in 1..2) {
                $number = 0
                & $list | ForEach-Object { if (++$number -eq 8) { continue }; $number }
            }
            $seen | Should -Be (1..7 + 1..7)
        }
        It 'break in a caller''s block ends the caller''s loop' {
            $seen = foreach ($turn in 1..2) {
                $number = 0
                & $list | ForEach-Object { if (++$number -eq 8) { break }; $number }
            }
            $seen | Should -Be (1..7)
        }
        It 'Select-Object -First ends it, and cancels what is in flight' {
            @(& $list | Select-Object -First 7).Count | Should -Be 7
            $sent = @(Get-SandboxRequest $sandbox).Count
            Start-Sleep -Milliseconds 300
            @(Get-SandboxRequest $sandbox).Count | Should -Be $sent
        }
        It 'is complete, with and without a pipeline' {
            @(& $list).Count | Should -Be 20
            @(& $list | ForEach-Object { $_ }).Count | Should -Be 20
        }
        It 'an exception of the caller further down the pipeline keeps its type, id and line' {
            $caught = try { & $list | ForEach-Object { throw [IO.FileNotFoundException]::new('x') } } catch { $_ }
            $caught.Exception.GetType() | Should -Be ([IO.FileNotFoundException])
            $caught.FullyQualifiedErrorId | Should -Be 'x'
            $caught = try { & $list | ForEach-Object { Get-Item /nowhere -ErrorAction Stop } } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
        }
    }

    Context 'an error of <Line>' -ForEach $calls {
        BeforeEach {
            $list = [scriptblock]::Create("$Line @args")
            Add-SandboxResponse $sandbox 403 -Body '{"detailCode":"403"}' -Times 0
        }
        It 'is one entry in -ErrorVariable and in $Error, by the function''s name, at the caller''s line' {
            $Error.Clear()
            $caught = try { . ([scriptblock]::Create("$Line -ErrorVariable records")) } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -Be "Forbidden,$Name"
            $caught.CategoryInfo.Activity | Should -Be $Name
            $caught.InvocationInfo.MyCommand.Name | Should -Be $Name
            $caught.InvocationInfo.Line | Should -BeLike "$Line*"
            @($records).Count, $Error.Count | Should -Be 1, 1
            $caught.GetType() | Should -Be ([Management.Automation.ErrorRecord])
        }
        It 'is one entry with -ErrorAction <_>, and the script goes on' -TestCases 'SilentlyContinue', 'Continue' {
            $Error.Clear()
            . ([scriptblock]::Create("$Line -ErrorAction $_ -ErrorVariable records")) 2>$null | Should -BeNullOrEmpty
            @($records).Count, $Error.Count | Should -Be 1, 1
            $records[0].CategoryInfo.Activity | Should -Be $Name
        }
        It 'is nothing with -ErrorAction Ignore' {
            $Error.Clear()
            . ([scriptblock]::Create("$Line -ErrorAction Ignore")) | Should -BeNullOrEmpty
            $Error.Count | Should -Be 0
        }
        It 'ends the statement list with -Verbose too, and with -ErrorAction Stop' {
            foreach ($more in '-Verbose', '-ErrorAction Stop') {
                { . ([scriptblock]::Create("$Line $more 4>`$null; 'after'")) } |
                    Should -Throw -ErrorId "Forbidden,$Name"
            }
        }
        It 'is caught by its type' {
            $what = & ([scriptblock]::Create("try { $Line } catch [$http] { 'by type' } catch { 'else' }"))
            $what | Should -Be 'by type'
        }
    }

    It 'a stop ends <Line> within a second' -TestCases $listings {
        Add-SandboxFault $sandbox 'hang' -More @{ skip = 1 }
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'; $Line").BeginInvoke()
            while (@(Get-SandboxRequest $sandbox).Count -lt 2) { Start-Sleep -Milliseconds 50 }
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.ElapsedMilliseconds | Should -BeLessThan 1000
        }
        finally { $shell.Dispose() }
    }
    It 'an error that ends the script does so after errors of items that did not' {
        $failed, $pending = (Get-V2024PendingTasks -Limit 2).id
        $null = Complete-V2024PendingTask $failed -Confirm:$false
        # The first look finds the failed task, the second is refused.
        Add-SandboxResponse $sandbox 403 -Body '{"refused":1}' -Times 0 -Skip 1
        $run = Invoke-Child @"
('$failed', '$pending' | Wait-V2024TaskStatus -PollingIntervalSeconds 0.01 -ErrorVariable +global:records).id
'after'
"@
        $run.Output, $run.ExitCode | Should -Be '', 1
        $run.Errors | Should -BeLike '*ended with ERROR*{"refused":1}*'
    }
    It '-WhatIf and -Confirm of the caller reach <Name>' -TestCases @(
        @{ Name = 'Update-V2024TaskStatus'; Line = 'Update-V2024TaskStatus $id @{ op = "remove"; path = "/progress" }' }
        @{ Name = 'Complete-V2024PendingTask'; Line = 'Complete-V2024PendingTask $id' }
    ) {
        $id = (Get-V2024PendingTasks -Limit 1).id
        Reset-Sandbox $sandbox
        $WhatIfPreference = $true
        & ([scriptblock]::Create("`$id = '$id'; $Line")) | Should -BeNullOrEmpty
        $WhatIfPreference = $false
        & ([scriptblock]::Create("`$id = '$id'; $Line -WhatIf")) | Should -BeNullOrEmpty
        @(Get-SandboxRequest $sandbox).Where{ $_.operation -eq 'update' } | Should -BeNullOrEmpty
        & ([scriptblock]::Create("`$id = '$id'; $Line -Confirm:`$false -ErrorAction Ignore")) | Out-Null
        @(Get-SandboxRequest $sandbox).Where{ $_.operation -eq 'update' } | Should -HaveCount 1
    }
    It 'each parameter of a command is used: another one is refused by name' {
        $try = {
            [CmdletBinding()] param($Method, $Names)
            $bound = @{}
            foreach ($name in $Names) { $bound[$name] = $null }
            $script:Session.$Method($PSCmdlet, $bound).Dispose()
        }
        $module = Get-Module V2024TaskManagement
        $methods = foreach ($command in Get-Command -Module V2024TaskManagement -CommandType Function) {
            $method = [regex]::Match($command.Definition, 'Session\.(\w+)\(\$PSCmdlet, \$PSBound').Groups[1].Value
            if (-not $method) { continue }
            $method
            & $module $try $method @($command.Parameters.Keys)
            { & $module $try $method @($command.Parameters.Keys; 'Unheard') } |
                Should -Throw -ExpectedMessage '*does not use its parameter Unheard*'
        }
        $methods.Count | Should -Be 12
    }
    It 'each object of a pipeline is a call of its own' {
        (0, 5, 18 | Get-V2024PendingTasks -Limit 3).Count | Should -Be 8
        (Get-SandboxRequest $sandbox).Sent.offset | Should -Be '0', '5', '18'
        Reset-Sandbox $sandbox
        $options = @(
            [pscustomobject] @{ Limit = 2; Offset = 1; Count = $true }
            [pscustomobject] @{ Limit = 3; Offset = 4; Count = $false }
        )
        $null = $options | Get-V2024TaskStatusList
        (Get-SandboxRequest $sandbox).query | Should -Be 'limit=2&offset=1&count=true', 'limit=3&offset=4&count=false'
    }
}
