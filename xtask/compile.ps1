# Compiles the module's C# for this version of PowerShell and later ones, and prints this version.
param([Parameter(Mandatory)] [string] $Sources, [Parameter(Mandatory)] [string] $Assembly)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# /doc makes missing documentation of public members an error.
$options = '/unsafe', '/optimize+', '/deterministic', '/nullable:enable', '/warnaserror', '/doc:documentation.xml'
Add-Type -Path "$Sources/*.cs" -OutputType Library -OutputAssembly $Assembly -CompilerOptions $options

"$($PSVersionTable.PSVersion.Major).$($PSVersionTable.PSVersion.Minor)"
