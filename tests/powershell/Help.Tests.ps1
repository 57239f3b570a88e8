# Every exported command has help, and the examples run.
BeforeDiscovery {
    Import-Module $env:V2024_TEST_MODULE -Force
    $functions = (Get-Command -Module V2024TaskManagement -CommandType Function).Name
    $examples = foreach ($name in $functions) {
        $number = 0
        foreach ($example in (Get-Help $name -Full).examples.example) {
            @{ Name = $name; Number = ++$number; Code = $example.code }
        }
    }
    $common = [Management.Automation.Cmdlet]::CommonParameters
    $optional = [Management.Automation.Cmdlet]::OptionalCommonParameters
    $needScope = $functions -match '^(Get|Update|Complete|Wait)-V2024'
    $parameters = foreach ($name in $functions) {
        foreach ($parameter in (Get-Command $name).Parameters.Keys) {
            if ($parameter -in $common -or $parameter -in $optional) { continue }
            @{ Name = $name; Parameter = $parameter }
        }
    }
}

Describe 'Help' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        Import-Module $env:V2024_TEST_MODULE -Force
        $sandbox = Start-Sandbox
    }
    AfterAll { Stop-Sandbox }

    It '<_> has synopsis, description, two examples, outputs and links' -TestCases $functions {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "*$_*"
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        $help.returnValues | Should -Not -BeNullOrEmpty
        $help.inputTypes | Should -Not -BeNullOrEmpty
        @($help.relatedLinks.navigationLink).Count | Should -BeGreaterOrEqual 1
    }
    It '<_> names the page that Get-Help -Online opens' -TestCases $functions {
        $module = Get-Module V2024TaskManagement
        (Get-Command $_).HelpUri | Should -BeExactly "$($module.PrivateData.PSData.ProjectUri)#powershell"
    }
    It '<Name> explains -<Parameter>' -TestCases $parameters {
        (Get-Help $Name -Parameter $Parameter).description.Text | Should -Not -BeNullOrEmpty
    }
    It '<_> fits a window of 80 columns' -TestCases ($functions + 'about_V2024TaskManagement') {
        $text = (Get-Help $_ -Full | Out-String -Width 500).Replace("`r", '')
        # PowerShell writes the syntax and the common parameters.
        $text = $text -replace '(?s)\nSYNTAX\n.*?\nDESCRIPTION\n', "`n" -replace '\n.*about_CommonParameters.*'
        $text.Split("`n").Count | Should -BeGreaterThan 20
        $text.Split("`n").TrimEnd().Where{ $_.Length -gt 79 } | Should -BeNullOrEmpty
    }
    It '<Name> -<Parameter> has the default that its help says' -TestCases $parameters {
        $help = Get-Help $Name -Parameter $Parameter
        $text = $help.description.Text -join ' '
        $said = [regex]::Match($text, 'The default is ([\w-]+)').Groups[1].Value
        $expected = switch ($said) {
            'to' { 'Infinity' }
            # Now, or the default of a setting, which Get-DefaultConfiguration shows.
            { $_ -eq 'now' -or $Name -eq 'Set-DefaultConfiguration' } { '' }
            default { $said }
        }
        # PowerShell shows a switch as False, and the 0 of a number that is null if it was not given.
        if ($help.type.name -eq 'SwitchParameter') { $expected = 'False' }
        if ("$Name $Parameter" -eq 'Initialize-V2024TaskStatus PercentComplete') { $expected = '0' }
        if ("$Name $Parameter" -eq 'Invoke-Paginate Parameters') { $expected = '@{}' }
        "$($help.defaultValue)" | Should -BeExactly "$expected"
    }
    It '<_> names the scope that it needs' -TestCases $needScope {
        (Get-Help $_ -Full).description.Text -join ' ' | Should -Match 'idn:task-management:(read|write)'
    }
    It 'example <Number> of <Name> runs' -TestCases $examples {
        $task = Get-TestJson help-task
        $ended = $task.Replace('00ee', '11ee').Replace('"completionStatus":null', '"completionStatus":"WARNING"').
            Replace('"completed":null', '"completed":"2020-07-11T22:00:00.000Z"')
        Set-SandboxTask $sandbox $task, $ended
        # Tasks end, so that examples that wait for them return.
        if ($Code -like '*Wait-V2024*') {
            Set-SandboxRule $sandbox '{"churn":{"finish":1}}'
        }
        # Replaces the prompt for a credential.
        function Get-Credential {
            [pscredential]::new($sandbox.ClientId, (ConvertTo-SecureString $sandbox.ClientSecret -AsPlainText))
        }
        $errors = $null
        $null = [Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
        Push-Location $TestDrive
        try { { . ([scriptblock]::Create($Code)) | Out-String } | Should -Not -Throw }
        finally {
            Pop-Location
            Set-DefaultConfiguration -BaseUrl '' -ClientId '' -ClientSecret ''
            Set-SandboxRule $sandbox '{"churn":null}'
        }
    }
    It 'there is an about topic' {
        $text = (Get-Help about_V2024TaskManagement | Out-String) -replace '\s+', ' '
        foreach ($part in @(
                'SAIL_BASE_URL', 'only if all secrets that are used come from that file too', '500, 3 times at most'
                'After 401 the token is renewed once')) {
            $text | Should -BeLike "*$part*"
        }
    }
}
