# Saves what the module's Interop scripts emit, for the .NET of this PowerShell and later ones.
param([Parameter(Mandatory)] [string] $Module)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$version = [Environment]::Version.Major
if ($version -lt 9) {
    Write-Warning "The package will emit its types at each first call, a quarter of a second: only PowerShell 7.5 and later can save them, and this is $($PSVersionTable.PSVersion)."
    return
}
foreach ($file in Get-ChildItem "$Module/Interop/*.ps1") { . $file }
$name = [Reflection.AssemblyName]::new('V2024TaskManagement.Interop')
$assembly = [Reflection.Emit.PersistedAssemblyBuilder]::new($name, [object].Assembly)
$builder = $assembly.DefineDynamicModule($name.Name)
Add-V2024LibraryType -Module $builder
Add-V2024ReplyReaderType -Module $builder
$folder = New-Item -ItemType Directory "$Module/Interop/net$version.0"
$assembly.Save("$folder/$($name.Name).dll")
