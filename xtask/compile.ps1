# Compiles the module's C# into the module, for this PowerShell and later ones, and says so in its manifest.
param([Parameter(Mandatory)] [string] $Module)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# With documentation asked for, what is public and has none is an error.
$options = '/unsafe', '/optimize+', '/deterministic', '/nullable:enable', '/warnaserror', '/doc:documentation.xml'
Add-Type -Path "$Module/Interop/*.cs" -OutputType Library -OutputAssembly "$Module/Interop/V2024TaskManagement.Interop.dll" -CompilerOptions $options
Remove-Item "$Module/Interop/*.cs"

$manifest = "$Module/V2024TaskManagement.psd1"
$text = [IO.File]::ReadAllText($manifest)
$set = $text -replace "(?m)^(\s*PowerShellVersion\s*=\s*)'7\.4'", "`$1'$($PSVersionTable.PSVersion.Major).$($PSVersionTable.PSVersion.Minor)'"
if ($set -eq $text -and $PSVersionTable.PSVersion.Minor -ne 4) { throw "$manifest does not set PowerShellVersion" }
[IO.File]::WriteAllText($manifest, $set)
