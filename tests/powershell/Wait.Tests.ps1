# Wait-V2024TaskStatus.
Describe 'Wait-V2024TaskStatus' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
        function New-Json {
            param([string] $Id, [string] $Status, [string] $Messages = '[]', [switch] $Raced)
            $ended = $Status ? "`"$Status`"" : 'null'
            $completed = $Status -or $Raced ? '"2025-01-02T03:09:05Z"' : 'null'
            "{`"id`":`"$Id`",`"uniqueName`":`"Task $Id`",`"completed`":$completed,`"completionStatus`":$ended," +
                "`"messages`":$Messages,`"percentComplete`":40}"
        }
        # The responses to consecutive requests.
        function Add-Responses {
            param([string] $Operation, [string[]] $Body)
            $passed = 0
            foreach ($text in $Body) {
                Add-SandboxResponse $sandbox 200 -Body $text -Operation $Operation -Skip ($passed++)
            }
        }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'C02: a task has ended when it has both completed and completionStatus' {
        Add-Responses get '{"id":"a"}', (New-Json a), (New-Json a -Raced), (New-Json a SUCCESS)
        $task = Wait-V2024TaskStatus -Id a -PollingIntervalSeconds 0.01
        $task.completionStatus | Should -Be 'SUCCESS'
        $task.psobject.TypeNames[0] | Should -Be 'V2024.TaskStatus'
        $task.completed | Should -BeOfType [datetime]
        $requests = @(Get-SandboxRequest $sandbox)
        $requests.Count | Should -Be 4
        $requests.path | Select-Object -Unique | Should -Be '/v2024/task-status/a'
    }
    It 'many ids, by value and by name, are one wait with few requests' {
        Set-SandboxTask $sandbox (1..5 | ForEach-Object { New-Json "t$_" WARNING })
        ('t1', 't2', 't3' | Wait-V2024TaskStatus).id | Should -Be 't1', 't2', 't3'
        (Get-SandboxRequest $sandbox).Sent.filters | Should -Be 'id in ("t1","t2","t3")'
        Reset-Sandbox $sandbox
        (Get-V2024TaskStatusList -Limit 5 | Wait-V2024TaskStatus).id | Sort-Object |
            Should -Be 't1', 't2', 't3', 't4', 't5'
        (Wait-V2024TaskStatus t1, t2).Count | Should -Be 2
        ([pscustomobject]@{ Id = 't4' } | Wait-V2024TaskStatus).id | Should -Be 't4'
        @(Get-SandboxRequest $sandbox).Count | Should -Be 4
    }
    It 'a repeated id is waited for once, and no ids return nothing' {
        Set-SandboxTask $sandbox (New-Json a SUCCESS)
        @('a', 'a' | Wait-V2024TaskStatus).Count | Should -Be 1
        @() | Wait-V2024TaskStatus | Should -BeNullOrEmpty
    }
    It '<Status> is good' -TestCases @{ Status = 'SUCCESS' }, @{ Status = 'WARNING' }, @{ Status = 'Success' } {
        Set-SandboxTask $sandbox (New-Json a $Status)
        (Wait-V2024TaskStatus a -ErrorAction Stop).completionStatus | Should -BeExactly $Status
    }
    It '<Status> returns the task, and a TaskFailed record with name, status and messages' -TestCases @(
        @{ Status = 'ERROR' }, @{ Status = 'TERMINATED' }, @{ Status = 'TEMPERROR' }, @{ Status = 'NEW_KIND' }
    ) {
        $messages = "[$((Get-TestJson wait-messages) -join ',')]"
        Set-SandboxTask $sandbox (New-Json a $Status $messages), (New-Json b SUCCESS)
        $tasks = Wait-V2024TaskStatus a, b -ErrorAction SilentlyContinue -ErrorVariable records
        $tasks.id | Sort-Object | Should -Be 'a', 'b'
        $records.Count | Should -Be 1
        $records[0].FullyQualifiedErrorId | Should -Be 'TaskFailed,Wait-V2024TaskStatus'
        $records[0].CategoryInfo.Category | Should -Be 'InvalidResult'
        $records[0].Exception.Message |
            Should -BeExactly "task 'Task a' (a) ended with ${Status}: Verbindung verweigert: 接続; err a 1"
        $records[0].TargetObject.id | Should -Be 'a'
    }
    It 'a failed task without messages has a short error message' {
        Set-SandboxTask $sandbox '{"id":"a","completed":"2025-01-02T03:09:05Z","completionStatus":"ERROR"}'
        $null = Wait-V2024TaskStatus a -ErrorAction SilentlyContinue -ErrorVariable records
        $records[0].Exception.Message | Should -BeExactly 'task a ended with ERROR'
    }
    It 'unknown tasks are NotFound, deleted ones TaskGone, running ones Timeout; the wait for the others continues' {
        Set-SandboxTask $sandbox (New-Json runs), (New-Json goes), (New-Json good SUCCESS)
        # The task "goes" is in the first list, and is deleted after that.
        $job = Start-ThreadJob -ArgumentList $sandbox.BaseUrl {
            param($url)
            do {
                Start-Sleep -Milliseconds 20
                $requests = Invoke-RestMethod "$url/sandbox/requests"
            } until ($requests.Where{ $_.operation -eq 'list' })
            Invoke-RestMethod -Method Delete "$url/sandbox/tasks/goes"
        }
        $options = @{
            TimeoutSeconds = 2; PollingIntervalSeconds = 0.5
            ErrorAction = 'SilentlyContinue'; ErrorVariable = 'records'
        }
        $tasks = Wait-V2024TaskStatus runs, goes, good, never @options
        $null = $job | Wait-Job | Receive-Job
        $tasks.id | Should -Be 'good'
        $kinds = @{}
        foreach ($record in $records) { $kinds[$record.TargetObject] = $record }
        $kinds.Count, $records.Count | Should -Be 3, 3
        $kinds.never.FullyQualifiedErrorId | Should -Be 'NotFound,Wait-V2024TaskStatus'
        $kinds.never.Exception.Response.StatusCode.value__ | Should -Be 404
        $kinds.goes.FullyQualifiedErrorId | Should -Be 'TaskGone,Wait-V2024TaskStatus'
        $kinds.goes.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $kinds.runs.FullyQualifiedErrorId | Should -Be 'Timeout,Wait-V2024TaskStatus'
        $kinds.runs.CategoryInfo.Category | Should -Be 'OperationTimeout'
    }
    It 'these do not end a script, except with -ErrorAction or $ErrorActionPreference Stop' {
        Set-SandboxTask $sandbox (New-Json a ERROR)
        $run = Invoke-Child @'
(Wait-V2024TaskStatus a).id
'after'
$ErrorActionPreference = 'Stop'
Wait-V2024TaskStatus none
'not reached'
'@
        $run.Output -split "`n" | Should -Be 'a', 'after'
        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike "*Task a*ended with ERROR*"
        { Wait-V2024TaskStatus a -ErrorAction Stop } | Should -Throw -ErrorId 'TaskFailed,Wait-V2024TaskStatus'
    }
    It 'an error that concerns all tasks ends the wait: <Status>' -TestCases @(
        @{ Status = 401; Id = 'Unauthorized' }, @{ Status = 403; Id = 'Forbidden' }
    ) {
        Add-SandboxResponse $sandbox $Status -Body '{"error":"no"}' -Times 0
        { Wait-V2024TaskStatus a, b -ErrorAction Stop } | Should -Throw -ErrorId "$Id,Wait-V2024TaskStatus"
        $ErrorActionPreference = 'Continue'
        { Wait-V2024TaskStatus a } | Should -Throw -ErrorId "$Id,Wait-V2024TaskStatus"
    }
    It 'refuses <_> before any request' -TestCases @(
        @{ Id = '' }, @{ Id = '..' }, @{ Id = 'a'; TimeoutSeconds = -1 }
        @{ Id = 'a'; PollingIntervalSeconds = 1e9 }, @{ Id = 'a'; PollingIntervalSeconds = 0 }
        @{ Id = 'a'; PollingIntervalSeconds = 0.009 }, @{ Id = 'a'; PollingIntervalSeconds = [double]::NaN }
        @{ Id = 'a'; TimeoutSeconds = [double]::NaN }, @{ Id = 'a'; TimeoutSeconds = -0.3 }
    ) {
        $given = $_
        { Wait-V2024TaskStatus @given } | Should -Throw -ErrorId (
            $_.Id -eq 'a' ? 'ParameterArgumentValidationError*' : 'InvalidArgument,Wait-V2024TaskStatus')
        Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
    }
    It 'refuses half a surrogate pair as one InvalidArgument' {
        Wait-V2024TaskStatus "a$([char] 0xD800)" -ErrorAction SilentlyContinue -ErrorVariable records |
            Should -BeNullOrEmpty
        $records.FullyQualifiedErrorId | Should -Be 'InvalidArgument,Wait-V2024TaskStatus'
        Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
    }
    It 'passes through an exception of the caller''s pipeline' {
        Set-SandboxTask $sandbox (New-Json a SUCCESS)
        { Wait-V2024TaskStatus a | ForEach-Object { throw [IO.FileNotFoundException]::new('x') } } |
            Should -Throw -ExceptionType ([IO.FileNotFoundException])
    }
    It 'continues when the tenant fails for a while' {
        Set-DefaultConfiguration -MaximumRetryCount 0
        Set-SandboxTask $sandbox (New-Json a SUCCESS)
        Add-SandboxResponse $sandbox 200 -Body (New-Json a)
        Add-SandboxResponse $sandbox 503 -Body 'busy' -Skip 1
        try { (Wait-V2024TaskStatus a -PollingIntervalSeconds 0.01).id | Should -Be 'a' }
        finally { Set-DefaultConfiguration -MaximumRetryCount $null }
    }
    It 'a tenant that fails at the start is an error at once' {
        Set-DefaultConfiguration -MaximumRetryCount 0
        Add-SandboxResponse $sandbox 503 -Body 'busy' -Times 0
        try {
            { Wait-V2024TaskStatus a -PollingIntervalSeconds 0.01 } |
                Should -Throw -ErrorId 'ServerError,Wait-V2024TaskStatus'
        }
        finally { Set-DefaultConfiguration -MaximumRetryCount $null }
    }
    It 'a tenant that does not respond at the start is an error that ends the wait' {
        Set-DefaultConfiguration -TimeoutSeconds 0.5
        Add-SandboxFault $sandbox hang -More @{ times = 0 }
        $ErrorActionPreference = 'Continue'
        try {
            foreach ($given in @{}, @{ TimeoutSeconds = 3600 }) {
                { Wait-V2024TaskStatus a, b @given } | Should -Throw -ErrorId 'Timeout,Wait-V2024TaskStatus' `
                    -ExpectedMessage 'no result within 0.5 s (TimeoutSeconds), waiting for the response *'
            }
        }
        finally { Set-DefaultConfiguration -TimeoutSeconds $null }
    }
    It 'shows a bar for each task, with its name and percent' {
        Add-Responses get (New-Json a), (New-Json a SUCCESS)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'").AddStatement()
            $null = $shell.AddScript('Wait-V2024TaskStatus a -PollingIntervalSeconds 0.01').Invoke()
            $bars = $shell.Streams.Progress.Where{ $_.Activity -eq 'Task a' }
            $bars.Count | Should -Be 2
            $bars[0].PercentComplete | Should -Be 40
            $bars[1].RecordType | Should -Be 'Completed'
        }
        finally { $shell.Dispose() }
    }
    It 'shows one bar for more than five tasks, in which an id that comes twice counts once' {
        $names = 'a', 'b', 'c', 'd', 'e', 'f'
        Set-SandboxTask $sandbox @($names.ForEach{ New-Json $_ })
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'").AddStatement()
            $null = $shell.AddScript('Wait-V2024TaskStatus a,b,c,d,e,f,a -TimeoutSeconds 0').Invoke()
            $bars = $shell.Streams.Progress.Where{ $_.Activity -like 'Waiting for *' }
            $bars.Activity | Select-Object -Unique | Should -Be 'Waiting for 6 tasks'
            $bars[-1].StatusDescription, $bars[-1].RecordType | Should -Be '6 of 6 have ended', 'Completed'
            $shell.Streams.Progress.Where{ $_.Activity -like 'Task *' } | Should -BeNullOrEmpty
        }
        finally { $shell.Dispose() }
    }
    It 'C29: stops at once when the pipeline is stopped' {
        Set-SandboxTask $sandbox (New-Json a)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$env:V2024_TEST_MODULE'").AddStatement()
            $null = $shell.AddScript('Wait-V2024TaskStatus a -PollingIntervalSeconds 30')
            $running = $shell.BeginInvoke()
            while (-not (Get-SandboxRequest $sandbox)) { Start-Sleep -Milliseconds 20 }
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne(1000) | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally { $shell.Dispose() }
        (Get-V2024TaskStatus a).id | Should -Be 'a'
    }
}
