<#
Runs every Pester test below this folder against the packaged module and a sandbox tenant.
V2024_TEST_MODULE is the folder of the packaged module, V2024_TEST_SANDBOX the sandbox program.
Fails if a test fails, is skipped or is not run, and if there are no tests.
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
$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$result = Invoke-Pester -Configuration $configuration

$passed, $total = $result.PassedCount, $result.TotalCount
$others = "$($result.FailedCount) failed, $($result.SkippedCount) skipped, $($result.NotRunCount) not run"
"Pester: $passed passed, $others, of $total"
if ($result.Result -ne 'Passed' -or $total -eq 0 -or $passed -ne $total) { exit 1 }
