# Importing the module: repeatedly, in several sessions, from several folders, and without the library.
Describe 'Loading' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        # For sessions in other processes: Windows would keep the files that this process loads, so that TestDrive could
        # not be removed.
        function Copy-Module {
            param([string] $Name = [guid]::NewGuid())
            $copy = Join-Path (New-Item -ItemType Directory "$TestDrive/$Name") V2024TaskManagement
            Copy-Item -Recurse $env:V2024_TEST_MODULE $copy
            $copy
        }
        function Get-Library {
            param([string] $Module)
            $rid = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
            Get-ChildItem "$Module/runtimes/*/native/*" | Where-Object { $_.Directory.Parent.Name -eq $rid }
        }
        Import-Module $env:V2024_TEST_MODULE -Force
    }
    AfterAll { Stop-Sandbox }

    It 'C31: can be imported, used and removed 20 times in one session' {
        $run = Invoke-Child -Prelude '' @"
function Get-HandleCount { if (`$IsLinux) { @(Get-ChildItem /proc/self/fd).Count } else { 0 } }
function Get-AssemblyCount {
    [AppDomain]::CurrentDomain.GetAssemblies().Where{ `$_.GetName().Name -like 'V2024*' }.Count
}
foreach (`$i in 1..20) {
    Import-Module '$env:V2024_TEST_MODULE' -Force
    `$count = @(Get-V2024TaskStatusList -Limit 2).Count
    Remove-Module V2024TaskManagement
    if (`$i -eq 10) { `$handles, `$assemblies = (Get-HandleCount), (Get-AssemblyCount) }
}
`$count
(Get-HandleCount) - `$handles
(Get-AssemblyCount) - `$assemblies
"@
        $run.Errors | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        $run.Output -split "`n" | Should -Be '2', '0', '0'
    }
    It 'C31: removing frees the clients, and the token survives' {
        Reset-Sandbox $sandbox
        Import-Module $env:V2024_TEST_MODULE -Force
        $null = Get-V2024TaskStatusList -Limit 1
        $session = InModuleScope V2024TaskManagement { $script:Session }
        $session.Clients.Count | Should -Be 1
        Remove-Module V2024TaskManagement
        $session.Clients.Count | Should -Be 0
        Import-Module $env:V2024_TEST_MODULE -Force
        $null = Get-V2024TaskStatusList -Limit 1
        @(Get-SandboxRequest $sandbox -All | Where-Object operation -EQ token).Count | Should -BeLessOrEqual 1
    }
    It 'C32: a missing library is one error with rid, path and the system''s reason, and the session continues' {
        $module = Copy-Module
        $library = Get-Library $module
        Remove-Item $library
        $run = Invoke-Child -Prelude '' "try { Import-Module '$module' } catch { `$_.Exception.Message }; 'alive'"
        $lines = $run.Output -split "`n"
        $lines.Count, $lines[1] | Should -Be 2, 'alive'
        $lines[0] | Should -BeLike "*$($library.Directory.Parent.Name)*$($library.FullName)*"
        $lines[0] | Should -BeLike '*No such file or directory*'
    }
    It 'C32: a library for another platform does the same' {
        $module = Copy-Module
        $library = Get-Library $module
        # Changes the machine in the header, which is ELF's, PE's or Mach-O's, to one that is not this.
        $bytes = [IO.File]::ReadAllBytes($library)
        $machine = $IsWindows ? [BitConverter]::ToInt32($bytes, 0x3c) + 4 : ($IsMacOS ? 4 : 18)
        $bytes[$machine], $bytes[$machine + 1] = 22, 0
        [IO.File]::WriteAllBytes($library, $bytes)
        $run = Invoke-Child -Prelude '' "try { Import-Module '$module' } catch { `$_.Exception.Message }; 'alive'"
        $lines = $run.Output -split "`n"
        $lines.Count, $lines[1] | Should -Be 2, 'alive'
        $lines[0] | Should -BeLike "*cannot load $($library.FullName): *"
        $lines[0] | Should -Not -BeLike '*strace*'
    }
    It 'the caller''s <Name> changes nothing about the import' -TestCases @(
        @{ Name = 'WhatIfPreference'; Value = '$true' }
        @{ Name = 'ConfirmPreference'; Value = "'Low'" }
    ) {
        $run = Invoke-Child "`$$Name = $Value; Import-Module '$env:V2024_TEST_MODULE'
            (Get-TypeData V2024.TaskStatus).Members.Keys | Sort-Object"
        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split "`r?`n" | Should -Be 'Age', 'Contains', 'ContainsKey', 'Duration', 'GetEnumerator'
    }
    It 'every command works as the first command of a session' -TestCases @(
        @{ Line = 'Complete-V2024PendingTask -Id gone -ErrorAction SilentlyContinue' }
        @{ Line = 'ConvertFrom-V2024JsonToJsonPatchOperation -Json ''{"op":"test","path":"/a"}''' }
        @{ Line = 'ConvertFrom-V2024JsonToTaskStatus -Json "[]"' }
        @{ Line = 'Get-DefaultConfiguration' }
        @{ Line = 'Get-V2024PendingTaskHeaders' }
        @{ Line = 'Get-V2024PendingTasks -Limit 1' }
        @{ Line = 'Get-V2024TaskStatus -Id gone -ErrorAction SilentlyContinue' }
        @{ Line = 'Get-V2024TaskStatusList -Limit 1' }
        @{ Line = 'Initialize-V2024JsonPatchOperation -Op test -Path /a' }
        @{ Line = 'Initialize-V2024TaskStatus -Id 1' }
        @{ Line = 'Invoke-Paginate -Function Get-V2024TaskStatusList -Increment 1 -Limit 1 -InitialOffset 0' }
        @{ Line = 'Set-DefaultConfiguration -MaximumRetryCount 1' }
        @{ Line = 'Set-DefaultConfiguration -ProxyCredential $null' }
        @{ Line = 'Update-V2024TaskStatus -Id gone @{ op = "remove"; path = "/a" } -ErrorAction SilentlyContinue' }
        @{ Line = 'Wait-V2024TaskStatus -Id gone -ErrorAction SilentlyContinue' }
        @{ Line = '(TabExpansion2 "Get-V2024TaskStatusList -SourceId " 34).CompletionMatches[0].CompletionText' }
    ) {
        (Invoke-Session "`$null = $Line").Errors | Should -BeNullOrEmpty
    }
    It 'the list above has every command' {
        $tested = Select-String -LiteralPath $PSCommandPath -Pattern "@\{ Line = '(\w+-\w+)" |
            ForEach-Object { $_.Matches[0].Groups[1].Value }
        $commands = Get-Command -Module V2024TaskManagement -CommandType Function
        Compare-Object ($tested | Select-Object -Unique) $commands.Name | Should -BeNullOrEmpty
    }
    It 'V2024_LIBRARY_PATH names another library' {
        $library = Copy-Item (Get-Library $env:V2024_TEST_MODULE) "$TestDrive/other.lib" -PassThru
        $env:V2024_LIBRARY_PATH = "$library"
        try {
            $run = Invoke-Child @'
& (Get-Module V2024TaskManagement) { $script:Session.Library.Path }
@(Get-V2024TaskStatusList -Limit 1).Count
'@
        }
        finally { Remove-Item Env:V2024_LIBRARY_PATH }
        $run.Output -split "`n" | Should -Be "$library", '1'
    }
    It 'a relative V2024_LIBRARY_PATH loads nothing from the current folder' {
        Copy-Item (Get-Library $env:V2024_TEST_MODULE) "$TestDrive/other.lib"
        $place = @{ Prelude = ''; Folder = "$TestDrive"; Environment = @{ V2024_LIBRARY_PATH = './other.lib' } }
        $run = Invoke-Child @place @"
try { Import-Module '$env:V2024_TEST_MODULE'; 'loaded' } catch { "`$_" }
"@
        $run.Output | Should -BeLike '*V2024_LIBRARY_PATH must be an absolute path*'
    }
    It 'a copy of the module in another folder works in the same process' {
        $other = Copy-Module
        $run = Invoke-Child @"
@(Get-V2024TaskStatusList -Limit 1).Count
Remove-Module V2024TaskManagement
Import-Module '$other'
@(Get-V2024TaskStatusList -Limit 2).Count
(Get-Module V2024TaskManagement).ModuleBase
"@
        $run.Output -split "`n" | Should -Be '1', '2', $other
    }
    It 'needs nothing from its folder after the import' {
        $module = Copy-Module
        $run = Invoke-Child -Prelude "Import-Module '$module'" @"
Move-Item -LiteralPath '$module' '$TestDrive/moved'
`$id = (Get-V2024PendingTasks -Limit 1).id
# Windows keeps the loaded DLLs.
Remove-Item -Recurse -Force '$TestDrive/moved' -ErrorAction Ignore
@(Get-V2024PendingTasks -All -Limit 7).Count
try { Get-V2024TaskStatus gone } catch { `$_.FullyQualifiedErrorId }
Get-V2024TaskStatus gone -ErrorAction SilentlyContinue -ErrorVariable records
`$records.Count
"`$((Get-V2024TaskStatusList -Limit 1 -CompletionStatus SUCCESS | Wait-V2024TaskStatus).target)".Length -gt 0
(Update-V2024TaskStatus `$id @{ op = 'replace'; path = '/description'; value = 'x' }).description
(Complete-V2024PendingTask `$id -Confirm:`$false).completionStatus
Set-DefaultConfiguration -MaximumRetryCount 1 -PassThru | ForEach-Object MaximumRetryCount
(ConvertFrom-V2024JsonToTaskStatus '{"created":"2020-01-01T00:00:00Z"}').Age().TotalDays -gt 1
(TabExpansion2 'Get-V2024TaskStatus -Id ' 24).CompletionMatches.Count
(Get-V2024TaskStatusList -Limit 1 | Format-Table | Out-String).Contains('source')
Update-TypeData
Remove-Module V2024TaskManagement
'removed'
"@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split "`n" | Should -Be '20', 'NotFound,Get-V2024TaskStatus', '1', 'True', 'x', 'ERROR', '1',
            'True', '19', 'True', 'removed'
    }
    It 'an import after the folder has changed is refused, and what was imported goes on' {
        $module = Copy-Module
        $run = Invoke-Child -Prelude "Import-Module '$module'" @"
`$assembly = Get-Item '$module/Interop/*.dll'
`$bytes = [IO.File]::ReadAllBytes(`$assembly)
Remove-Item `$assembly
[IO.File]::WriteAllBytes(`$assembly, `$bytes)
(Get-Item `$assembly).LastWriteTime = (Get-Date).AddDays(1)
@(Get-V2024TaskStatusList -Limit 1).Count
try { Import-Module '$module' -Force -ErrorAction Stop } catch { `$_.Exception.Message }
"@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split "`n" | Should -Be '1', (
            "V2024TaskManagement in $module has changed since this process imported it: start a new session, or put " +
            'the other version into a folder of its own')
    }
    It 'has all its script in the files that an import reads' {
        # Windows refuses to run a script that is marked as from the internet. With a script elsewhere, the import could
        # succeed and a command fail.
        $scripts = Get-ChildItem -Recurse $env:V2024_TEST_MODULE -Include *.ps1, *.psm1, *.psd1, *.ps1xml
        $scripts.FullName | Split-Path | Select-Object -Unique | Should -Be (Get-Item $env:V2024_TEST_MODULE).FullName
        $scripts.Name | Sort-Object | Should -Be 'V2024TaskManagement.Format.ps1xml', 'V2024TaskManagement.psd1',
            'V2024TaskManagement.psm1'
        Get-Content -Raw "$env:V2024_TEST_MODULE/V2024TaskManagement.psm1" | Should -Not -Match '\.ps1\b'
    }
    It 'is imported whole or not at all when <File> alone is marked as from the internet' -TestCases @(
        @{ File = 'V2024TaskManagement.psd1'; Outcome = 'True 1 404' }
        @{ File = 'V2024TaskManagement.psm1'; Outcome = 'refused' }
        @{ File = 'V2024TaskManagement.Format.ps1xml'; Outcome = 'refused' }
        @{ File = 'Interop/V2024TaskManagement.Interop.dll'; Outcome = 'True 1 404' }
        @{ File = 'runtimes/*/native/*'; Outcome = 'True 1 404' }
    ) {
        $module = Copy-Module
        $path = (Get-Item "$module/$File").FullName
        Set-Content -LiteralPath $path -Stream Zone.Identifier "[ZoneTransfer]`r`nZoneId=3"
        $run = Invoke-Child -Prelude 'Set-ExecutionPolicy RemoteSigned -Scope Process -Force' @"
`$reason = try { Import-Module '$module' } catch { "`$_" }
if (-not (Get-Module V2024TaskManagement)) { `$reason.Contains('$File') ? 'refused' : `$reason; exit }
`$tasks = @(Get-V2024PendingTasks -Limit 1)
`$status = try { Get-V2024TaskStatus gone } catch { `$_.Exception.Response.StatusCode.value__ }
"`$(`$tasks[0].Age() -is [timespan]) `$(`$tasks.Count) `$status"
"@
        $run.Output | Should -BeExactly $Outcome
        $run.Errors | Should -BeNullOrEmpty
    }
    It 'works in a folder with blanks, umlauts and a quote' {
        $module = Copy-Module "Mödule ' 接"
        $prelude = "Import-Module -Name '$($module.Replace("'", "''"))'"
        $run = Invoke-Child -Prelude $prelude '@(Get-V2024TaskStatusList -Limit 1).Count'
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be '1'
    }
    It 'works in ForEach-Object -Parallel, thread jobs and background jobs, with one token per process' {
        $tenant = Start-Sandbox
        try {
            $run = Invoke-Child @"
`$ids = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
    Import-Module '$env:V2024_TEST_MODULE'
    (Get-V2024TaskStatusList -Limit 1 -Offset `$_).id
}
@(`$ids | Select-Object -Unique).Count
Start-ThreadJob { Import-Module '$env:V2024_TEST_MODULE'; @(Get-V2024PendingTasks -Limit 2).Count } |
    Receive-Job -Wait -AutoRemoveJob
"@
            $run.Errors | Should -BeNullOrEmpty
            $run.Output -split "`n" | Should -Be '8', '2'
            @(Get-SandboxRequest $tenant -All | Where-Object operation -EQ token).Count | Should -Be 1
            $run = Invoke-Child @"
Start-Job { Import-Module '$env:V2024_TEST_MODULE'; @(Get-V2024PendingTasks -Limit 2).Count } |
    Receive-Job -Wait -AutoRemoveJob
"@
            $run.Output | Should -Be '2'
        }
        finally { Use-Sandbox $sandbox }
    }
    It 'works in a host without a UI' {
        $shell = [PowerShell]::Create()
        try {
            $null = $shell.AddScript(@"
Import-Module '$env:V2024_TEST_MODULE'
Get-V2024TaskStatusList -Limit 2
Get-V2024TaskStatus gone -ErrorAction Continue
"@)
            $shell.Invoke().Count | Should -Be 2
            $shell.Streams.Error.FullyQualifiedErrorId | Should -Be 'NotFound,Get-V2024TaskStatus'
        }
        finally { $shell.Dispose() }
    }
    It 'ends with the process while a call runs' {
        Reset-Sandbox $sandbox
        Add-SandboxFault $sandbox 'hang'
        $run = Invoke-Child @"
`$null = Start-ThreadJob { Import-Module '$env:V2024_TEST_MODULE'; Get-V2024PendingTasks }
Start-Sleep -Milliseconds 800
[Environment]::Exit(3)
"@
        $run.ExitCode | Should -Be 3
        Reset-Sandbox $sandbox
    }
}
