# Both modules imported in one session: this one and the documented SDK.
Describe 'With the documented SDK' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $stub = "$PSScriptRoot/PSSailpoint.V2024"
    }
    AfterAll { Stop-Sandbox }

    It 'imported after the SDK, shared names are ours, and the SDK''s other commands remain' {
        $run = Invoke-Child -Prelude "Import-Module '$stub'; Import-Module '$env:V2024_TEST_MODULE'" @'
@(Get-V2024TaskStatusList -Limit 3).Count
(ConvertFrom-JsonToJsonPatchOperation -Json '{"op":"remove","path":"/a"}').op
@(Invoke-Paginate -Function Get-V2024TaskStatusList -Limit 5 -WarningAction Ignore).Count
Get-V2024Accounts
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split "`n" | Should -Be '3', 'remove', '5', 'PSSailpoint.V2024 Get-V2024Accounts'
    }
    It 'imported before the SDK, ours are available by module name, and call each other' {
        $run = Invoke-Child -Prelude "Import-Module '$env:V2024_TEST_MODULE'; Import-Module '$stub'" @'
Get-V2024TaskStatusList -Limit 3
@(V2024TaskManagement\Get-V2024TaskStatusList -Limit 3).Count
@(V2024TaskManagement\Invoke-Paginate -Function Get-V2024TaskStatusList -Limit 5 -WarningAction Ignore).Count
(V2024TaskManagement\Set-DefaultConfiguration -ConsumerIdentifier x -PassThru).ConsumerIdentifier
try { V2024TaskManagement\Get-V2024TaskStatus gone } catch { $_.FullyQualifiedErrorId }
'@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split "`n" |
            Should -Be 'PSSailpoint.V2024 Get-V2024TaskStatusList', '3', '5', 'x', 'NotFound,Get-V2024TaskStatus'
    }
    It 'removing one leaves the other working' {
        $run = Invoke-Child -Prelude "Import-Module '$stub'; Import-Module '$env:V2024_TEST_MODULE'" @'
Remove-Module PSSailpoint.V2024
@(Get-V2024TaskStatusList -Limit 3).Count
'@
        $run.Output | Should -Be '3'
    }
}
