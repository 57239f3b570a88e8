# Requests and objects are the same in every culture, time zone and calling script.
Describe 'Cultures, time zones and callers' {
    BeforeAll {
        Import-Module "$PSScriptRoot/Sandbox.psm1" -Force
        $sandbox = Start-Sandbox
        $task = Get-TestJson culture-task
        $script = @'
$task = Get-V2024TaskStatusList -Limit 1 -Filters 'ID in ("00eebcf881994e419d72e757fd30dc0e")'.ToLowerInvariant()
$task = Get-V2024TaskStatus -Id 00eebcf881994e419d72e757fd30dc0e
$task.created.ToString('o', [cultureinfo]::InvariantCulture)
$task.attributes.ratio -eq 1.5
$completed = [datetime]::new(2025, 6, 7, 8, 9, 10, [DateTimeKind]::Utc)
$null = Update-V2024TaskStatus $task.id @(
    @{ op = 'replace'; path = '/completed'; value = $completed.ToLocalTime() }
    @{ OP = 'INSERT'.Substring(0, 0) + 'replace'; PATH = '/attributes/ratio'; VALUE = 2.5 }
)
Set-DefaultConfiguration -MaximumRetryCount 0
try { Get-V2024TaskStatus gone } catch { $_.FullyQualifiedErrorId }
'@
        $expected = '2025-01-02T03:04:05.0060000Z', 'True', 'NotFound,Get-V2024TaskStatus'
        $patch = '[{"op":"replace","path":"/completed","value":"2025-06-07T08:09:10Z"},' +
            '{"op":"replace","path":"/attributes/ratio","value":2.5}]'
    }
    AfterAll { Stop-Sandbox }
    BeforeEach {
        Reset-Sandbox $sandbox
        Set-SandboxTask $sandbox $task
    }

    It 'culture <_>' -TestCases 'de-DE', 'tr-TR', 'ar-SA', '' {
        $culture = "[cultureinfo]::GetCultureInfo('$_')"
        $run = Invoke-Session "[cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $culture`n$script"
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be $expected
        (Get-SandboxRequest $sandbox | Where-Object method -EQ PATCH).body | Should -BeExactly $patch
    }
    It 'time zone <Zone>' -TestCases @(
        @{ Zone = 'Pacific/Kiritimati'; Hours = 14 }, @{ Zone = 'Pacific/Pago_Pago'; Hours = -11 }
        @{ Zone = 'UTC'; Hours = 0 }
    ) {
        $saved = $env:TZ
        try {
            $env:TZ = $Zone
            [TimeZoneInfo]::ClearCachedData()
            [TimeZoneInfo]::Local.BaseUtcOffset.TotalHours | Should -Be $Hours
            $run = Invoke-Session $script
        }
        finally {
            $env:TZ = $saved
            [TimeZoneInfo]::ClearCachedData()
        }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be $expected
        (Get-SandboxRequest $sandbox | Where-Object method -EQ PATCH).body | Should -BeExactly $patch
    }
    It 'a caller in strict mode with $ErrorActionPreference Stop' {
        $run = Invoke-Session "Set-StrictMode -Version Latest; `$ErrorActionPreference = 'Stop'`n$script"
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be $expected
    }
    It 'a caller with functions named like cmdlets that the module uses' {
        $run = Invoke-Session @"
foreach (`$name in @(
        'Write-Error', 'ConvertFrom-Json', 'ConvertTo-Json', 'Select-Object', 'ForEach-Object', 'Get-Command'
        'New-Object', 'Join-Path', 'Test-Path', 'Add-Member')) {
    Set-Item "function:global:`$name" { throw 'the caller''s' }
}
$script
@(Invoke-Paginate 'Get-V2024TaskStatusList').Count
"@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be ($expected + '1')
    }
    It 'a caller with <_> named like the module''s cmdlets' -TestCases 'aliases', 'functions' {
        $run = Invoke-Session @"
function Get-Mine { 'mine' }
foreach (`$name in (Get-Command -Module V2024TaskManagement -CommandType Function).Name) {
    if ('$_' -eq 'aliases') { Set-Alias -Scope Global `$name Get-Mine }
    else { Set-Item "function:global:`$name" { 'mine' } }
}
Get-V2024TaskStatusList
@(V2024TaskManagement\Get-V2024TaskStatusList -Limit 1).id
@(V2024TaskManagement\Invoke-Paginate 'Get-V2024TaskStatusList').id
(V2024TaskManagement\Set-DefaultConfiguration -ConsumerIdentifier x -PassThru).ConsumerIdentifier
"@
        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Be 'mine', '00eebcf881994e419d72e757fd30dc0e', '00eebcf881994e419d72e757fd30dc0e', 'x'
    }
    It 'a caller with default parameter values' {
        $run = Invoke-Session @'
$PSDefaultParameterValues = @{
    '*:ErrorAction' = 'SilentlyContinue'
    'Get-V2024TaskStatusList:Limit' = 1
    '*:Encoding' = 'ascii'
}
@(Get-V2024TaskStatusList).Count
Get-V2024TaskStatus gone
'after'
'@
        $run.Output | Should -Be '1', 'after'
        (Get-SandboxRequest $sandbox)[0].query | Should -Be 'limit=1'
    }
    It 'C26: the filter <_> arrives unchanged' -TestCases @(
        'completionStatus eq"ERROR"', 'sourceId in ("a","b") and type in ("CLOUD_ACCOUNT_AGGREGATION")'
        'id eq "a&b+c#%"', 'id in ("a b","c&d","e+f","g%h","例é","i#j","k=l","m;n")', 'id eq "a\"b"'
    ) {
        Import-Module $env:V2024_TEST_MODULE -Force
        Add-SandboxResponse $sandbox 200 -Body '[]'
        Get-V2024TaskStatusList -Filters $_
        (Get-SandboxRequest $sandbox).Sent.filters | Should -BeExactly $_
    }
}
