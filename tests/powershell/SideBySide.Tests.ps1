# Two versions of the module in one process: each has its own C# and settings, and what was imported last has the
# commands.
Describe 'Two versions in one process' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        # The packaged module under another version number, in a folder with or without a version.
        function New-Version {
            param([string] $Version, [switch] $InVersionFolder)
            $parent = New-Item -ItemType Directory -Force "$TestDrive/$Version-$InVersionFolder/V2024TaskManagement"
            $folder = $InVersionFolder ? "$parent/$Version" : "$parent"
            Copy-Item -Recurse "$env:V2024_TEST_MODULE/*" (New-Item -ItemType Directory -Force $folder)
            $manifest = "$folder/V2024TaskManagement.psd1"
            (Get-Content -Raw $manifest) -replace "(ModuleVersion *= )'.*'", "`$1'$Version'" |
                Set-Content -NoNewline $manifest
            "$parent"
        }
        # What runs in each process, after A and B are the paths of two versions.
        function Invoke-Versions {
            param([string] $Script)
            $run = Invoke-Child -Prelude "`$a = '$a'; `$b = '$b'" @"
`$ErrorActionPreference = 'Stop'
function Show {
    "`$(`${function:Get-DefaultConfiguration}.Module.Version) `$((Get-DefaultConfiguration).ConsumerIdentifier)"
}
$Script
"@
            $run.Errors | Should -BeNullOrEmpty
            $run.ExitCode | Should -Be 0
            $run.Output -split "`n"
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox }

    Context 'in folders <Where>' -ForEach @(
        @{ Where = 'without a version'; InVersionFolder = $false }
        @{ Where = 'with a version'; InVersionFolder = $true }
    ) {
        BeforeAll {
            $a = New-Version 8.1.0 -InVersionFolder:$InVersionFolder
            $b = New-Version 8.2.0 -InVersionFolder:$InVersionFolder
        }

        It 'A, B, A: each has its settings, and the last import has the commands' {
            Invoke-Versions @'
Import-Module $a
Set-DefaultConfiguration -ConsumerIdentifier of-a
Show
Import-Module $b
Show
Set-DefaultConfiguration -ConsumerIdentifier of-b
$null = Get-V2024TaskStatusList -Limit 1
Import-Module $a
Show
$null = Get-V2024TaskStatusList -Limit 1
Import-Module $b
Show
(Get-Module V2024TaskManagement).Count
[AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -eq 'V2024TaskManagement.Interop' }.Count
'@ | Should -Be '8.1.0 of-a', '8.2.0 ', '8.1.0 of-a', '8.2.0 of-b', '2', '2'
            (Get-SandboxRequest $sandbox).ForEach{ ($_.Header['user-agent'] -split ' ')[0..1] -join ' ' } |
                Should -Be 'of-b V2024TaskManagement/8.2.0', 'of-a V2024TaskManagement/8.1.0'
        }
        It 'A, B, A with Remove-Module: each import begins without settings' {
            Invoke-Versions @'
foreach ($path in $a, $b, $a) {
    Import-Module $path
    Show
    Set-DefaultConfiguration -ConsumerIdentifier x
    "$((Get-V2024TaskStatusList -Limit 1).target)".Length -gt 0
    Remove-Module V2024TaskManagement
}
'@ | Should -Be '8.1.0 ', 'True', '8.2.0 ', 'True', '8.1.0 ', 'True'
        }
        It 'Import-Module -Force imports one of them anew and leaves the other one alone' {
            Invoke-Versions @'
Import-Module $a
Set-DefaultConfiguration -ConsumerIdentifier of-a
Import-Module $b
Set-DefaultConfiguration -ConsumerIdentifier of-b
Import-Module $a -Force
Show
Import-Module $b
Show
'@ | Should -Be '8.1.0 ', '8.2.0 of-b'
        }
    }

    It 'C72: from the module paths, each import loads the version that it asks for' {
        $a, $b = (New-Version 8.3.0), (New-Version 8.4.0 -InVersionFolder)
        foreach ($order in '$a, $b', '$b, $a') {
            Invoke-Versions @"
`$env:PSModulePath = ($order).ForEach{ Split-Path `$_ } -join [IO.Path]::PathSeparator
foreach (`$version in '8.3.0', '8.4.0', '8.3.0') {
    Import-Module V2024TaskManagement -RequiredVersion `$version
    "`$(`${function:Get-DefaultConfiguration}.Module.Version)"
}
"@ | Should -Be '8.3.0', '8.4.0', '8.3.0'
        }
    }

    Context 'of which both are used' {
        BeforeAll { $a, $b = (New-Version 8.1.0), (New-Version 8.2.0) }

        It 'types and views work with each, and after one was removed' {
            Invoke-Versions @'
Import-Module $a
$of_a = Get-V2024TaskStatusList -Limit 1
Import-Module $b
$of_b = Get-V2024TaskStatusList -Limit 1
foreach ($task in $of_a, $of_b) {
    "$($task.target)".Length -gt 0
    $task.Age() -is [timespan]
    ($task | Format-Table | Out-String) -match 'status +source'
}
Get-Module V2024TaskManagement | Where-Object Version -EQ 8.1.0 | Remove-Module
Show
"$($of_a.target)".Length -gt 0
($of_b | Format-Table | Out-String) -match 'status +source'
'@ | Should -Be (@('True') * 6 + '8.2.0 ' + @('True') * 2)
        }
        It 'results of one can be given to the other' {
            Invoke-Versions @'
Import-Module $a
$task = Get-V2024PendingTasks -Limit 1
$old = Get-DefaultConfiguration
Import-Module $b
($task | Get-V2024TaskStatus).id -eq $task.id
# A mask is known only to the session that showed it.
try { Set-DefaultConfiguration @old } catch { $_.Exception.Message }
'@ | Should -Be 'True', (
                "ClientSecret is masked: give the secret itself, or the settings as this session's " +
                'Get-DefaultConfiguration returned them')
        }
        It 'each works in parallel blocks' {
            $got = Invoke-Versions @'
1..16 | ForEach-Object -ThrottleLimit 4 -Parallel {
    Import-Module ($_ % 2 ? $using:a : $using:b)
    Set-DefaultConfiguration -ConsumerIdentifier "n$_"
    $task = Get-V2024TaskStatusList -Limit 1
    "$_ $((Get-DefaultConfiguration).ConsumerIdentifier) $(${function:Get-DefaultConfiguration}.Module.Version) " +
        ("$($task.target)".Length -gt 0)
}
'@
            $got | Sort-Object { [int] ($_ -split ' ')[0] } |
                Should -Be @(1..16).ForEach{ "$_ n$_ $($_ % 2 ? '8.1.0' : '8.2.0') True" }
            (Get-SandboxRequest $sandbox).ForEach{
                $agent = $_.Header['user-agent'] -split ' '
                [int] ($agent[0] -replace 'n') % 2 ? ($agent[1] -like '*/8.1.0') : ($agent[1] -like '*/8.2.0')
            } | Should -Be (, $true * 16)
        }
    }
}
