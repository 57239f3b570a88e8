# Small scripts like those people publish (scripts/*.ps1), each with its expected output (*.txt). They are written for
# the documented SDK and run unchanged, apart from the import.
BeforeDiscovery {
    $scripts = Get-ChildItem "$PSScriptRoot/scripts/*.ps1" | ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
}
Describe 'Scripts' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $hr = '"target":{"id":"s1","type":"APPLICATION","name":"HR"}'
        $ldap = '"target":{"id":"s2","type":"APPLICATION","name":"LDAP – Zürich"}'
        $tasks = @(
            '{"id":"d1","uniqueName":"Cloud Account Aggregation - HR",TARGET,"created":"2025-03-01T08:00:00.123Z","launched":"2025-03-01T08:00:00.000Z","completed":"2025-03-01T08:05:00.000Z","completionStatus":"SUCCESS","messages":[]}'.Replace('TARGET', $hr)
            '{"id":"d2","uniqueName":"Cloud Account Aggregation - HR",TARGET,"created":"2025-03-02T08:00:00.000Z","launched":"2025-03-02T08:00:00.000Z","completed":"2025-03-02T08:10:00.000Z","completionStatus":"ERROR","messages":[{"type":"ERROR","key":"k","localizedText":{"locale":"en-US","message":"timed out"},"parameters":[]}]}'.Replace('TARGET', $hr)
            '{"id":"d3","uniqueName":"Cloud Group Aggregation - LDAP",TARGET,"created":"2025-03-03T08:00:00.000Z","launched":"2025-03-03T08:00:00.000Z","completed":"2025-03-03T08:20:00.000Z","completionStatus":"SUCCESS","messages":[]}'.Replace('TARGET', $ldap)
            '{"id":"d4","uniqueName":"Cloud Group Aggregation - LDAP",TARGET,"created":"2025-03-04T08:00:00.000Z","launched":"2025-03-04T08:00:00.000Z","completed":"2025-03-04T08:40:00.000Z","completionStatus":"ERROR","messages":[{"type":"ERROR","key":"k","localizedText":{"locale":"en-US","message":"接続 refused"},"parameters":[]},{"type":"WARN","key":"k2","localizedText":{"locale":"en-US","message":"second message"},"parameters":[]}]}'.Replace('TARGET', $ldap)
            '{"id":"p1","uniqueName":"Cloud Account Aggregation - HR",TARGET,"description":"","created":"2025-03-05T08:00:00.000Z","launched":"2025-03-05T08:00:00.000Z","completed":null,"completionStatus":null,"messages":[]}'.Replace('TARGET', $hr)
            '{"id":"p2","uniqueName":"Sweep","target":null,"description":"","created":"2025-03-09T20:00:00.000Z","launched":"2025-03-09T20:00:00.000Z","completed":null,"completionStatus":null,"messages":[]}'
        )
    }
    AfterAll { Stop-Sandbox }

    It '<Name>' -TestCases $scripts {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $tasks
        if ($Name -eq 'poll-until-done') {
            # Running, then completed without a status, then both.
            Add-SandboxResponse $sandbox 200 -Body $tasks[4] -Operation get
            Add-SandboxResponse $sandbox 200 -Body $tasks[4].Replace('"completed":null', '"completed":"2025-03-05T08:01:00Z"') -Operation get -Skip 1
            Add-SandboxResponse $sandbox 200 -Body $tasks[4].Replace('"completed":null', '"completed":"2025-03-05T08:01:00Z"').Replace('"completionStatus":null', '"completionStatus":"SUCCESS"') -Operation get -Skip 2
        }
        $run = Invoke-Child (Get-Content -Raw $Path)
        $run.Errors | Should -BeNullOrEmpty
        $run.Output |
            Should -BeExactly (Get-Content -Raw ([IO.Path]::ChangeExtension($Path, 'txt'))).Replace("`r", '').TrimEnd()
        $run.ExitCode | Should -Be 0
    }
}
