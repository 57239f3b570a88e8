# The five examples of the vendor's documentation, unchanged (vendor/).
Describe 'The vendor''s examples' {
    BeforeAll {
        Import-Module "$PSScriptRoot/../Sandbox.psm1" -Force
        $sandbox = Start-Sandbox -Arguments '--tasks', '5', '--pending', '2', '--progress', '0'
        $id = '00eebcf881994e419d72e757fd30dc0e'
        $task = "{`"id`":`"$id`",`"uniqueName`":`"Big Task`",`"description`":`"Old`",`"completionStatus`":null}"
        function Invoke-Example {
            param([string] $Name, [switch] $WithEveryParameter)
            $script = Get-Content -Raw "$PSScriptRoot/vendor/$Name.ps1"
            # The here-string of the last example lacks its line breaks, so as published it is not valid PowerShell.
            $script = $script.Replace('@"{', "@`"`n{").Replace('}"@', "}`n`"@")
            # Each has a second, commented-out call with every parameter.
            if ($WithEveryParameter) {
                $script = $script -replace "(?m)^    ($Name|Update-\S+) .*$"
                $script = $script -replace '(?m)^    # (?=Get-|Update-)', '    '
            }
            Invoke-Child $script
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $task
    }

    It '<Name> runs and shows <Shows>' -TestCases @(
        @{
            Name = 'Get-V2024PendingTaskHeaders'
            Shows = 'TotalCount StatusCode Headers'
            Sent = 'HEAD /v2024/task-status/pending-tasks'
        }
        @{
            Name = 'Get-V2024PendingTasks'
            Shows = '00eebcf881994e419d72e757fd30dc0e'
            Sent = 'GET /v2024/task-status/pending-tasks'
        }
        @{
            Name = 'Get-V2024TaskStatus'
            Shows = '00eebcf881994e419d72e757fd30dc0e'
            Sent = 'GET /v2024/task-status/00eebcf881994e419d72e757fd30dc0e'
        }
        @{
            Name = 'Get-V2024TaskStatusList'
            Shows = '00eebcf881994e419d72e757fd30dc0e'
            Sent = 'GET /v2024/task-status'
        }
        @{
            Name = 'Update-V2024TaskStatus'
            Shows = '00eebcf881994e419d72e757fd30dc0e'
            Sent = 'PATCH /v2024/task-status/00eebcf881994e419d72e757fd30dc0e'
        }
    ) {
        $run = Invoke-Example $Name
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeLike "*$Shows*"
        $request = Get-SandboxRequest $sandbox
        "$($request.method) $($request.path)" | Should -Be $Sent
        if ($Name -like 'Update-*') {
            $request.body | Should -BeExactly '[{"op":"replace","path":"/description","value":"New description"}]'
            (Invoke-RestMethod "$($sandbox.BaseUrl)/sandbox/tasks").description | Should -Be 'New description'
        }
    }
    It '<Name> runs with every parameter' -TestCases @(
        @{
            Name = 'Get-V2024PendingTaskHeaders'
            Parameters = 'offset=0', 'limit=250', 'count=true'
            Shows = ' 1        200 '
        }
        @{
            Name = 'Get-V2024PendingTasks'
            Parameters = 'offset=0', 'limit=250', 'count=true'
            Shows = '00eebcf881994e419d72e757fd30dc0e'
        }
        @{
            Name = 'Get-V2024TaskStatusList'
            Parameters = @(
                'limit=250', 'offset=0', 'count=true', 'filters=completionStatus eq "Success"', 'sorters=-created'
            )
            Shows = ''
        }
    ) {
        $run = Invoke-Example $Name -WithEveryParameter
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -BeLike "*$Shows*"
        (Get-SandboxRequest $sandbox).parameters | ForEach-Object { $_ -join '=' } | Should -Be $Parameters
    }
    It 'Get-V2024TaskStatus reports an unknown task' {
        Set-SandboxTask $sandbox '{"id":"another"}'
        $lines = (Invoke-Example Get-V2024TaskStatus).Output -split "`n"
        $lines[0] | Should -Be '404 Exception occurred when calling Get-V2024TaskStatus'
        ($lines[1] | ConvertFrom-Json).detailCode | Should -BeLike '404*'
        @(Get-SandboxRequest $sandbox).Count | Should -Be 1
    }
}
