<#
Runs every Pester test below this folder against the packaged module and a sandbox tenant.
V2024_TEST_MODULE is the folder of the packaged module, V2024_TEST_SANDBOX the sandbox program.
Prints the tests that not-run.psd1 says cannot run here. Fails if a test fails, if another one is not run, and if there
are no tests.
#>
param(
    # Runs only the test files whose name matches, such as Wait.Tests.
    [string] $Name = '*'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$architecture = [Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture
"PowerShell $($PSVersionTable.PSVersion) on $($PSVersionTable.OS), $architecture"
foreach ($variable in 'V2024_TEST_MODULE', 'V2024_TEST_SANDBOX') {
    $path = [Environment]::GetEnvironmentVariable($variable)
    if (-not $path -or -not (Test-Path -LiteralPath $path)) {
        throw "$variable must be an existing path; it is '$path'."
    }
}
Import-Module Pester -MinimumVersion 5.5 -ErrorAction Stop
"Pester $((Get-Module Pester).Version), module $env:V2024_TEST_MODULE"

# Removes settings of this machine's user, so that no other tenant or proxy is used.
Get-ChildItem Env: |
    Where-Object Name -Match '^(SAIL_|V2024_LIBRARY_PATH|(HTTPS?|ALL|NO)_PROXY$|SSL_CERT_)' | Remove-Item

$files = @(Get-ChildItem -Path $PSScriptRoot -Recurse -Filter '*.Tests.ps1' | Where-Object BaseName -Like $Name)

# The tests that cannot run here: the reason by file and line. Of a whole file, nothing is run.
$places = @(
    if ($IsWindows) { 'Windows' } else { 'Unix' }
    if ($IsMacOS) { 'macOS' }
    if ($IsWindows -and (Test-Path HKCU:/Software/Wine)) { 'Wine' }
)
$reasons = @{}
foreach ($entry in (Import-PowerShellDataFile -LiteralPath "$PSScriptRoot/not-run.psd1").Tests) {
    $file = $files | Where-Object BaseName -EQ "$($entry.File).Tests"
    if (-not $file) { continue }
    if (-not $entry.ContainsKey('Test')) {
        if ($entry.On -notin $places) { continue }
        $files = @($files).Where{ $_.FullName -ne $file.FullName }
        "not run: $($file.Name): $($entry.Why)"
        continue
    }
    $title = "It '$($entry.Test.Replace("'", "''"))'"
    $found = @(Select-String -LiteralPath $file -SimpleMatch -CaseSensitive $title)
    if ($found.Count -ne 1) { throw "not-run.psd1: $($file.Name) has $($found.Count) tests $title, not one." }
    if ($entry.On -in $places) { $reasons["$($file):$($found.LineNumber)"] = $entry.Why }
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
if ($reasons.Count) { $configuration.Filter.ExcludeLine = [string[]] $reasons.Keys }
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$result = Invoke-Pester -Configuration $configuration

$unknown = 0
foreach ($test in @($result.NotRun) + @($result.Skipped)) {
    $reason = $reasons["$($test.ScriptBlock.File):$($test.StartLine)"]
    if (-not $reason) { $unknown++ }
    $case = if ($test.Data) { " ($(@($test.Data.Values ?? $test.Data) -join ', '))" }
    "not run: $($test.Path -join ': ')$($case): $($reason ?? 'not-run.psd1 does not have it')"
}
$left = $result.NotRunCount + $result.SkippedCount
"Pester: $($result.PassedCount) passed, $($result.FailedCount) failed, $left not run, of $($result.TotalCount)"
$passed = $result.TotalCount - $left
if ($result.Result -ne 'Passed' -or $unknown -or $passed -eq 0 -or $result.PassedCount -ne $passed) { exit 1 }
