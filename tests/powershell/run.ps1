<#
Runs every Pester test below this folder against the packaged module and a sandbox tenant.
V2024_TEST_MODULE is the packaged module's folder, V2024_TEST_SANDBOX the sandbox program.
Fails when a test fails, is skipped or was not run, and when there are none.
#>
param(
    # Only the test files whose name matches.
    [string] $Name = '*'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

"PowerShell $($PSVersionTable.PSVersion) on $($PSVersionTable.OS), $([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)"
foreach ($variable in 'V2024_TEST_MODULE', 'V2024_TEST_SANDBOX') {
    $path = [Environment]::GetEnvironmentVariable($variable)
    if (-not $path -or -not (Test-Path -LiteralPath $path)) { throw "$variable must name what is tested; it is '$path'." }
}
Import-Module Pester -MinimumVersion 5.5 -ErrorAction Stop
"Pester $((Get-Module Pester).Version), module $env:V2024_TEST_MODULE"

# Nothing of the machine's own tenant or proxy may take part.
Get-ChildItem Env: | Where-Object Name -Match '^(SAIL_|V2024_LIBRARY_PATH|(HTTPS?|ALL|NO)_PROXY$|SSL_CERT_)' | Remove-Item

$files = @(Get-ChildItem -Path $PSScriptRoot -Recurse -Filter '*.Tests.ps1' | Where-Object BaseName -Like $Name)
$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$result = Invoke-Pester -Configuration $configuration

"Pester: $($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped, $($result.NotRunCount) not run, of $($result.TotalCount)"
if ($result.Result -ne 'Passed' -or $result.TotalCount -eq 0 -or $result.PassedCount -ne $result.TotalCount) { exit 1 }
