# Small scripts like those people publish (scripts/*.ps1), each with its expected output (*.txt). They are written for
# the documented SDK and run unchanged, apart from the import.
BeforeDiscovery {
    $scripts = Get-ChildItem "$PSScriptRoot/scripts/*.ps1" |
        ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
}
Describe 'Scripts' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $tasks = Get-TestJson published-scripts
    }
    AfterAll { Stop-Sandbox }

    It '<Name>' -TestCases $scripts {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $tasks
        if ($Name -eq 'poll-until-done') {
            # Running, then completed without a status, then both.
            Add-SandboxResponse $sandbox 200 -Body $tasks[4] -Operation get
            $completed = $tasks[4].Replace('"completed":null', '"completed":"2025-03-05T08:01:00Z"')
            Add-SandboxResponse $sandbox 200 -Body $completed -Operation get -Skip 1
            $ended = $completed.Replace('"completionStatus":null', '"completionStatus":"SUCCESS"')
            Add-SandboxResponse $sandbox 200 -Body $ended -Operation get -Skip 2
        }
        # PowerShell 7.7 warns that a parameter which a script gives to Export-Csv has no effect any more.
        $quiet = "`$PSDefaultParameterValues['Export-Csv:WarningAction'] = 'Ignore'"
        $prelude = "Import-Module '$env:V2024_TEST_MODULE'; $quiet"
        $run = Invoke-Child -Prelude $prelude (Get-Content -Raw $Path)
        $run.Errors | Should -BeNullOrEmpty
        $run.Output |
            Should -BeExactly (Get-Content -Raw ([IO.Path]::ChangeExtension($Path, 'txt'))).Replace("`r", '').TrimEnd()
        $run.ExitCode | Should -Be 0
    }
}
