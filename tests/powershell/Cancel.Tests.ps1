# C29: stopping a call during any wait, and calling again afterwards.
Describe 'Stopping a call' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $state = [initialsessionstate]::CreateDefault2()
        $state.ImportPSModule($env:V2024_TEST_MODULE)
        $runspace = [runspacefactory]::CreateRunspace($state)
        $runspace.Open()
        # How long a pipeline takes to stop, in milliseconds.
        function Measure-Stop {
            param([string] $Script)
            $shell = [PowerShell]::Create($runspace).AddScript($Script)
            $null = $shell.BeginInvoke()
            while (-not (Get-SandboxRequest $sandbox)) { Start-Sleep -Milliseconds 20 }
            Start-Sleep -Milliseconds 100
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $elapsed = $watch.ElapsedMilliseconds
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $shell.Dispose()
            $elapsed
        }
        function Get-Next {
            [PowerShell]::Create($runspace).AddScript('@(Get-V2024PendingTasks -Limit 1).Count').Invoke()
        }
    }
    AfterAll {
        $runspace.Dispose()
        Stop-Sandbox
    }
    BeforeEach { Reset-Sandbox $sandbox }

    # Stopping takes about 60 ms. The limit of a second is far below the time that the tenant would take.
    It 'that waits for a response that never comes' {
        Add-SandboxFault $sandbox 'hang'
        Measure-Stop 'Get-V2024PendingTasks' | Should -BeLessThan 1000
        Get-Next | Should -Be 1
    }
    It 'that waits for Retry-After: 60' {
        Add-SandboxResponse $sandbox 429 -Headers @(, @('retry-after', '60'))
        Measure-Stop 'Get-V2024TaskStatus some-task' | Should -BeLessThan 1000
        # The pause that the tenant asked for also holds back the next call, which can be stopped as well.
        @(Get-SandboxRequest $sandbox).Count | Should -Be 1
    }
}
