# The versions of the API, and the cmdlet names of the vendor's newer SDK.
Describe 'Versions' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
    }
    AfterAll {
        Set-DefaultConfiguration -ApiVersion ''
        Stop-Sandbox
    }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'C40: <Version> uses only paths that it has' -TestCases @(
        @{ Version = 'v2024'; Path = '/v2024/task-status'; Pending = $true }
        @{ Version = 'v2025'; Path = '/v2025/task-status'; Pending = $true }
        @{ Version = 'beta'; Path = '/beta/task-status'; Pending = $true }
        @{ Version = 'v2026'; Path = '/v2026/task-status'; Pending = $false }
        @{ Version = 'latest'; Path = '/latest/task-status'; Pending = $false }
        @{ Version = 'v1'; Path = '/task-status/v1'; Pending = $false }
    ) {
        Set-DefaultConfiguration -ApiVersion $Version
        $id = (Get-V2024TaskStatusList -Limit 1).id
        (Get-V2024TaskStatus $id).id | Should -Be $id
        (Update-V2024TaskStatus $id @{ op = 'replace'; path = '/description'; value = 'x' }).description |
            Should -Be 'x'
        @(Get-V2024PendingTasks -All -Limit 15 -WarningAction SilentlyContinue).Count | Should -Be 20
        (Get-V2024PendingTaskHeaders -Count $true -WarningAction SilentlyContinue).TotalCount | Should -Be 20
        $requests = Get-SandboxRequest $sandbox
        $list = "$Path/pending-tasks"
        $pages = $Pending ? ("GET $list", "GET $list", "HEAD $list") : ("GET $Path", "GET $Path", "GET $Path")
        $requests.ForEach{ "$($_.method) $($_.path)" } |
            Should -Be (@("GET $Path", "GET $Path/$id", "PATCH $Path/$id") + $pages)
        if (-not $Pending) { $requests[3..5].ForEach{ $_.Sent.filters } | Should -Be (, 'completionStatus isnull' * 3) }
    }
    It 'deprecated responses cause one warning per process' {
        $run = Invoke-Child @'
Set-DefaultConfiguration -ApiVersion v2025
$first = @(Get-V2024PendingTasks -All -Limit 15 3>&1).Where{ $_ -is [Management.Automation.WarningRecord] }
$next = @(
    Get-V2024PendingTasks -Limit 1 3>&1
    Get-V2024PendingTaskHeaders 3>&1
    Import-Module (Get-Module V2024TaskManagement).Path -Force
    Get-V2024PendingTasks -Limit 1 3>&1
).Where{ $_ -is [Management.Automation.WarningRecord] }
"$($first.Count) $($next.Count)"
$first[0].Message
'@
        $run.Errors | Should -BeNullOrEmpty
        $lines = $run.Output -split "`n"
        $lines[0] | Should -Be '1 0'
        $lines[1] | Should -BeLike '*X-Deprecated: true*Get-V2024PendingTasks*ApiVersion*'
    }
    It 'a header that only mentions x-deprecated causes no warning' {
        $headers = @('content-type', 'application/json'), @('Access-Control-Expose-Headers', 'x-deprecated')
        Add-SandboxResponse $sandbox 200 -Body '[]' -Headers $headers
        Get-V2024PendingTasks -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }
    It 'responses that are not deprecated cause no warning' {
        $run = Invoke-Child @'
Get-V2024PendingTasks -Limit 1 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] }
'done'
'@
        $run.Output | Should -Be 'done'
    }
    It 'the names of the newer SDK are available only on request' {
        $run = Invoke-Child @"
function Show-Alias {
    `$aliases = Get-Alias *-TaskStatus*V1 -ErrorAction Ignore | Sort-Object Name
    `$aliases.ForEach{ "`$(`$_.Name) `$(`$_.ResolvedCommand.Name)" } -join ','
}
Show-Alias
Import-Module '$env:V2024_TEST_MODULE' -ArgumentList V1 -Force
Show-Alias
(Get-TaskStatusListV1 -Limit 2).Count
Remove-Module V2024TaskManagement
Show-Alias
"@
        $run.Errors | Should -BeNullOrEmpty
        $aliases = @(
            'Get-TaskStatusListV1 Get-V2024TaskStatusList', 'Get-TaskStatusV1 Get-V2024TaskStatus'
            'Update-TaskStatusV1 Update-V2024TaskStatus'
        )
        $run.Output -split "`n" | Should -Be '', ($aliases -join ','), '2'
    }
    It 'other arguments are refused at import' {
        $run = Invoke-Child @"
`$ErrorActionPreference = 'Stop'
Import-Module '$env:V2024_TEST_MODULE' -ArgumentList V9 -Force
'imported'
"@
        $run.Output | Should -BeNullOrEmpty
        $run.Errors | Should -BeLike "*V2024TaskManagement takes V1 as its argument, not 'V9'*"
        $run.ExitCode | Should -Be 1
    }
}
