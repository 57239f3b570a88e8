# Compiles the module's C# for this version of PowerShell and later ones, and prints this version.
param([Parameter(Mandatory)] [string] $Module)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# /doc makes missing documentation of public members an error.
$options = '/unsafe', '/optimize+', '/deterministic', '/nullable:enable', '/warnaserror', '/doc:documentation.xml'
$assembly = "$Module/Interop/V2024TaskManagement.Interop.dll"
Add-Type -Path "$Module/Interop/*.cs" -OutputType Library -OutputAssembly $assembly -CompilerOptions $options
Remove-Item "$Module/Interop/*.cs"

"$($PSVersionTable.PSVersion.Major).$($PSVersionTable.PSVersion.Minor)"
