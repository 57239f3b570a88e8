# Compiles the module's C# into the module, for this PowerShell and later ones, and prints which this is.
param([Parameter(Mandatory)] [string] $Module)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# With documentation asked for, what is public and has none is an error.
$options = '/unsafe', '/optimize+', '/deterministic', '/nullable:enable', '/warnaserror', '/doc:documentation.xml'
Add-Type -Path "$Module/Interop/*.cs" -OutputType Library -OutputAssembly "$Module/Interop/V2024TaskManagement.Interop.dll" -CompilerOptions $options
Remove-Item "$Module/Interop/*.cs"

"$($PSVersionTable.PSVersion.Major).$($PSVersionTable.PSVersion.Minor)"
