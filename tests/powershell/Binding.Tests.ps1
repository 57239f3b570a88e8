# The documented signatures: names, positions, types and pipeline binding.
BeforeDiscovery {
    # For each parameter: position, type, by value, by property name.
    $five = @{
        'Get-V2024PendingTaskHeaders' = @{
            Offset = 0, [Nullable[int]], $true, $true
            Limit = 1, [Nullable[int]], $false, $true
            Count = 2, [Nullable[bool]], $false, $true
            WithHttpInfo = $null, [switch], $false, $false
        }
        'Get-V2024PendingTasks'       = @{
            Offset = 0, [Nullable[int]], $true, $true
            Limit = 1, [Nullable[int]], $false, $true
            Count = 2, [Nullable[bool]], $false, $true
            WithHttpInfo = $null, [switch], $false, $false
        }
        # -Id is documented as a string; it also takes an object with an id.
        'Get-V2024TaskStatus'         = @{
            Id = 0, [object], $true, $true
            WithHttpInfo = $null, [switch], $false, $false
        }
        'Get-V2024TaskStatusList'     = @{
            Limit = 0, [Nullable[int]], $true, $true
            Offset = 1, [Nullable[int]], $false, $true
            Count = 2, [Nullable[bool]], $false, $true
            Filters = 3, [string], $false, $true
            Sorters = 4, [string], $false, $true
            WithHttpInfo = $null, [switch], $false, $false
        }
        # JsonPatchOperation also binds by value, unlike in the documented cmdlet: operations may be piped (C22).
        'Update-V2024TaskStatus'      = @{
            Id = 0, [object], $true, $true
            JsonPatchOperation = 1, [psobject[]], $true, $true
            WithHttpInfo = $null, [switch], $false, $false
        }
    }
    $names = @(
        'BaseUrl', 'NermBaseUrl', 'Token', 'TokenExpiration', 'TokenUrl', 'ClientId', 'ClientSecret'
        'MaximumRetryCount', 'RetryIntervalSeconds', 'Experimental', 'Proxy', 'ConsumerIdentifier'
        'ConsumerVersion'
    )
    $types = @{
        TokenExpiration = [Nullable[datetime]]
        MaximumRetryCount = [Nullable[int]]
        RetryIntervalSeconds = [Nullable[int]]
        Experimental = [Nullable[bool]]
        Proxy = [object]
        # Documented as strings; they also take a SecureString or a credential.
        Token = [object]
        ClientSecret = [object]
    }
    $set = @{ PassThru = $null, [switch], $false, $false }
    foreach ($i in 0..12) { $set[$names[$i]] = $i, ($types[$names[$i]] ?? [string]), $false, $false }

    $task = @{}
    $members = @(
        'Id', 'Type', 'UniqueName', 'Description', 'ParentName', 'Launcher', 'Target', 'Created', 'Modified'
        'Launched', 'Completed', 'CompletionStatus', 'Messages', 'Returns', 'Attributes', 'Progress'
        'PercentComplete', 'TaskDefinitionSummary'
    )
    $types = @{
        Target = [psobject]
        Created = [datetime]
        Modified = [Nullable[datetime]]
        Launched = [Nullable[datetime]]
        Completed = [Nullable[datetime]]
        Messages = [psobject[]]
        Returns = [psobject[]]
        # Documented as a hashtable. That of a task is an object, and tasks may be piped.
        Attributes = [psobject]
        PercentComplete = [int]
        TaskDefinitionSummary = [psobject]
    }
    foreach ($i in 0..17) { $task[$members[$i]] = $i, ($types[$members[$i]] ?? [string]), $false, $true }

    $all = $five + @{
        'Get-DefaultConfiguration'                  = @{}
        'Set-DefaultConfiguration'                  = $set
        'Invoke-Paginate'                           = @{
            Function = 0, [string], $false, $false
            InitialOffset = $null, [int], $false, $false
            Increment = $null, [int], $false, $false
            Limit = $null, [int], $false, $false
            Parameters = $null, [hashtable], $false, $false
            WithHttpInfo = $null, [switch], $false, $false
        }
        'Initialize-V2024JsonPatchOperation'        = @{
            Op = 0, [string], $false, $true
            Path = 1, [string], $false, $true
            Value = 2, [psobject], $false, $true
        }
        # -Json also binds by value, unlike in the documented cmdlets: the lines of a file may be piped.
        'ConvertFrom-V2024JsonToJsonPatchOperation' = @{ Json = 0, [string], $true, $false }
        'ConvertFrom-JsonToJsonPatchOperation'      = @{ Json = 0, [string], $true, $false }
        'Initialize-V2024TaskStatus'                = $task
        'ConvertFrom-V2024JsonToTaskStatus'         = @{ Json = 0, [string], $true, $false }
    }
    $cmdlets = foreach ($name in $all.Keys) { @{ Name = $name; Parameters = $all[$name] } }
}

Describe 'Documented signatures' {
    BeforeAll {
        Import-Module $env:V2024_TEST_MODULE -Force
    }
    It '<Name>' -TestCases $cmdlets {
        $command = Get-Command -Name $Name
        if ($command.CommandType -eq 'Alias') { $command = $command.ResolvedCommand }
        $command.ParameterSets.Count | Should -Be 1
        foreach ($parameter in $Parameters.Keys) {
            $position, $type, $byValue, $byName = $Parameters[$parameter]
            $found = $command.Parameters[$parameter]
            $found | Should -Not -BeNullOrEmpty -Because "$Name has -$parameter"
            $found.ParameterType | Should -Be $type -Because "of -$parameter"
            $attribute = $found.Attributes.Where({ $_ -is [Parameter] })[0]
            $attribute.Position | Should -Be ($position ?? [int]::MinValue) -Because "of -$parameter"
            $attribute.ValueFromPipeline | Should -Be $byValue -Because "of -$parameter"
            $attribute.ValueFromPipelineByPropertyName | Should -Be $byName -Because "of -$parameter"
        }
    }
    It '<Parameter> of <Name> is mandatory' -TestCases @(
        @{ Name = 'Get-V2024TaskStatus'; Parameter = 'Id' }, @{ Name = 'Update-V2024TaskStatus'; Parameter = 'Id' }
        @{ Name = 'Update-V2024TaskStatus'; Parameter = 'JsonPatchOperation' }
        @{ Name = 'Invoke-Paginate'; Parameter = 'Function' }
    ) {
        (Get-Command $Name).Parameters[$Parameter].Attributes.Where{ $_ -is [Parameter] }.Mandatory | Should -BeTrue
    }
    It 'checks values only where the documented helper does: <Name> -<Parameter>' -TestCases @(
        @{
            Name = 'Initialize-V2024JsonPatchOperation'
            Parameter = 'Op'
            Values = 'add', 'remove', 'replace', 'move', 'copy', 'test'
        }
        @{ Name = 'Initialize-V2024TaskStatus'; Parameter = 'Type'; Values = 'QUARTZ', 'QPOC', 'QUEUED_TASK' }
        @{
            Name = 'Initialize-V2024TaskStatus'
            Parameter = 'CompletionStatus'
            Values = 'SUCCESS', 'WARNING', 'ERROR', 'TERMINATED', 'TEMPERROR', ''
        }
    ) {
        (Get-Command $Name).Parameters[$Parameter].Attributes.Where{ $_ -is [ValidateSet] }.ValidValues |
            Should -Be $Values
    }
    It 'names an output type: <_>' -TestCases $five.Keys {
        (Get-Command $_).OutputType.Name |
            Should -Be ($_ -eq 'Get-V2024PendingTaskHeaders' ? 'V2024.PendingTaskHeaders' : 'V2024.TaskStatus')
    }
    It 'C73: the manifest lists no files, which PowerShell would load as assemblies' {
        (Import-PowerShellDataFile (Get-ChildItem $env:V2024_TEST_MODULE -Filter *.psd1)).Keys |
            Should -Not -Contain 'FileList'
    }
    It 'exports exactly what the manifest lists' {
        $manifest = Import-PowerShellDataFile (Get-ChildItem $env:V2024_TEST_MODULE -Filter *.psd1)
        (Get-Command -Module V2024TaskManagement).Name | Sort-Object |
            Should -Be (@($manifest.FunctionsToExport; $manifest.AliasesToExport) | Sort-Object)
    }
}

Describe 'Pipelines' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $clear = @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
    }
    AfterAll { Stop-Sandbox }
    BeforeEach { Reset-Sandbox $sandbox -Tasks }

    It 'a number is the offset of the pending cmdlets' {
        @(18 | Get-V2024PendingTasks).Count | Should -Be 2
        $null = 5 | Get-V2024PendingTaskHeaders
        (Get-SandboxRequest $sandbox).query | Should -Be 'offset=18', 'offset=5'
    }
    It 'a number is the limit of the list' {
        @(3 | Get-V2024TaskStatusList).Count | Should -Be 3
    }
    It 'an object binds limit, offset, count, filters and sorters by name' {
        $filter = 'type eq "CLOUD_GROUP_AGGREGATION"'
        $given = [pscustomobject]@{ limit = 2; offset = 4; count = $true; filters = $filter; sorters = 'created' }
        $null = $given | Get-V2024TaskStatusList
        (Get-SandboxRequest $sandbox).parameters | ForEach-Object { $_ -join '=' } |
            Should -Be 'limit=2', 'offset=4', 'count=true', "filters=$filter", 'sorters=created'
    }
    It 'tasks bind by their id: Get-V2024PendingTasks | Get-V2024TaskStatus' {
        $pending = Get-V2024PendingTasks -Limit 2
        ($pending | Get-V2024TaskStatus).id | Should -Be $pending.id
    }
    It 'tasks bind by their id: Get-V2024PendingTasks | Update-V2024TaskStatus' {
        $pending = Get-V2024PendingTasks | Select-Object -First 2
        $done = $pending | Update-V2024TaskStatus -JsonPatchOperation $clear
        $done.id | Should -Be $pending.id
        $done.completionStatus | Should -Be 'TERMINATED', 'TERMINATED'
    }
    It 'ids bind by value' {
        $ids = (Get-V2024PendingTasks -Limit 3).id
        ($ids | Get-V2024TaskStatus).id | Should -Be $ids
    }
    It 'objects with Id and JsonPatchOperation bind by both' {
        $ids = (Get-V2024PendingTasks -Limit 2).id
        $operations = $clear, @{ op = 'remove'; path = '/progress' }
        $null = $ids | ForEach-Object { [pscustomobject]@{ Id = $_; JsonPatchOperation = $operations } } |
            Update-V2024TaskStatus
        $patches = Get-SandboxRequest $sandbox | Where-Object method -EQ 'PATCH'
        $sent = '[{"op":"replace","path":"/completionStatus","value":"TERMINATED"},' +
            '{"op":"remove","path":"/progress"}]'
        $patches.path | Should -Be ($ids -replace '^', '/v2024/task-status/')
        $patches.body |
            Should -Be (, $sent * 2)
    }
    It 'C59: a hashtable binds by its id: <What>' -TestCases @(
        @{ What = 'a hashtable'; Given = { @{ id = $args[0] } } }
        @{ What = 'an ordered dictionary with capitals'; Given = { [ordered] @{ ID = $args[0] } } }
        @{ What = 'of ConvertFrom-Json'; Given = { "{`"id`":`"$($args[0])`"}" | ConvertFrom-Json -AsHashtable } }
    ) {
        $id = (Get-V2024PendingTasks -Limit 1).id
        Reset-Sandbox $sandbox
        (& $Given $id | Get-V2024TaskStatus).id | Should -Be $id
        (Get-V2024TaskStatus -Id (& $Given $id)).id | Should -Be $id
        (& $Given $id | Update-V2024TaskStatus -JsonPatchOperation $clear).id | Should -Be $id
        (Get-SandboxRequest $sandbox).path | Should -Be (, "/v2024/task-status/$id" * 3)
    }
    It 'C59: <What> has no id, and is refused before any request' -TestCases @(
        @{ What = 'an empty hashtable'; Given = @{} }
        @{ What = 'an id that is a hashtable'; Given = @{ id = @{ a = 1 } } }
        @{ What = 'an id that is null'; Given = @{ id = $null } }
        @{ What = 'a truth'; Given = $true }
    ) {
        { $Given | Get-V2024TaskStatus } | Should -Throw -ErrorId 'InvalidArgument,Get-V2024TaskStatus'
        { Wait-V2024TaskStatus $Given } | Should -Throw -ErrorId 'InvalidArgument,Wait-V2024TaskStatus'
        Get-SandboxRequest $sandbox -All | Should -BeNullOrEmpty
    }
    It 'tasks from <What> have the same values, and bind by their id' -TestCases @(
        @{
            What = 'Clixml'
            Bring = {
                param($Given)
                $Given | Export-Clixml TestDrive:/tasks.xml
                Import-Clixml TestDrive:/tasks.xml
            }
        }
        @{ What = 'a job'; Bring = { param($Given) Start-Job { $using:Given } | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        $tasks = @(Get-V2024PendingTasks -Limit 3)
        $brought = @(& $Bring $tasks)
        $brought.id | Should -Be $tasks.id
        $brought.created | Should -Be $tasks.created
        foreach ($index in 0..2) {
            foreach ($member in 'target', 'attributes', 'messages') {
                ConvertTo-Json -Depth 9 $brought[$index].psobject.Properties[$member]?.Value |
                    Should -Be (ConvertTo-Json -Depth 9 $tasks[$index].psobject.Properties[$member]?.Value)
            }
        }
        ($brought | Get-V2024TaskStatus).id | Should -Be $tasks.id
    }
    It 'a member that an object lacks is not taken from the object before: <Cmdlet>' -TestCases @(
        @{ Cmdlet = 'Get-V2024TaskStatusList'; First = @{ limit = 2; sorters = 'created' } }
        @{ Cmdlet = 'Get-V2024PendingTasks'; First = @{ limit = 2; offset = 1 } }
    ) {
        $null = [pscustomobject] $First, [pscustomobject]@{ limit = 3 } | & $Cmdlet
        (Get-SandboxRequest $sandbox).query | Select-Object -Last 1 | Should -Be 'limit=3'
    }
    It 'an operation has only the members of its object' {
        $first = [pscustomobject]@{ op = 'replace'; path = '/a'; value = 1 }
        $made = $first, [pscustomobject]@{ op = 'remove'; path = '/b' } |
            Initialize-V2024JsonPatchOperation
        $made[1].psobject.Properties.Name | Should -Be 'op', 'path'
    }
    It 'tasks bind by their members: Get-V2024TaskStatusList | Initialize-V2024TaskStatus' {
        $tasks = @(Get-V2024TaskStatusList -Limit 20)
        $made = @($tasks | Initialize-V2024TaskStatus)
        $made.Count | Should -Be 20
        foreach ($member in $made[0].psobject.Properties.Name) {
            foreach ($index in 0..19) {
                $value = $tasks[$index].psobject.Properties[$member]?.Value
                ConvertTo-Json -Compress -Depth 9 $made[$index].$member |
                    Should -Be (ConvertTo-Json -Compress -Depth 9 $value) -Because $member
            }
        }
    }
    It 'C41: the response of load-accounts binds by property, its id by value, and three ids are three requests' {
        $ids = (Get-V2024PendingTasks -Limit 3).id
        $response = ConvertFrom-Json (Get-TestJson load-accounts).Replace('ID', $ids[0])
        Reset-Sandbox $sandbox
        ($response.task | Get-V2024TaskStatus).id | Should -Be $ids[0]
        ($response.task.id | Get-V2024TaskStatus).id | Should -Be $ids[0]
        ($ids | Get-V2024TaskStatus).id | Should -Be $ids
        @(Get-SandboxRequest $sandbox).Count | Should -Be 5
    }
}
