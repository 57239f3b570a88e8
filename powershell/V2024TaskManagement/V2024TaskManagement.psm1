# A thin module over libv2024_task_management: Public holds the cmdlets, Private what they share.
# An import only defines the cmdlets and loads the library: Private is read when something first needs it.
param(
    # V1, by Import-Module -ArgumentList: the names that the vendor's newer SDK has for three cmdlets, too.
    [string] $Names
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

# Whatever needs Private begins with this. Functions there name their scope, which would be this one's else.
$script:PrivateIsRead = $false
function Import-V2024Private {
    if ($script:PrivateIsRead) { return }
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Private", '*.ps1')) { . $file }
    $script:PrivateIsRead = $true
}

# In functions, because the import would compile what stands outside of them.
$script:Aliases = @()
function Add-V2024Alias {
    param([string] $Names)
    if ($Names -ne 'V1') { throw "V2024TaskManagement takes V1 as its argument, not '$Names'" }
    # Global, since an alias in the manifest would be there for everybody.
    $script:Aliases = foreach ($name in 'Get-TaskStatus', 'Get-TaskStatusList', 'Update-TaskStatus') {
        Set-Alias -Name "${name}V1" -Value "V2024TaskManagement\$($name.Replace('-', '-V2024'))" -Scope Global -PassThru
    }
}
function Clear-V2024Module {
    $script:Session.Clients.Clear()
    foreach ($alias in $script:Aliases) { Remove-Item -LiteralPath "Alias:$($alias.Name)" -ErrorAction Ignore }
}

# What script does slowly or not at all is C#, which packaging compiles; LoadFile, since a copy of the module elsewhere has
# its own. The native library is loaded now, so that a missing or foreign one is told at import and not in the middle of a
# script.
$script:Interop = [Reflection.Assembly]::LoadFile("$PSScriptRoot/Interop/V2024TaskManagement.Interop.dll")
try { $script:Session = $script:Interop.GetType('V2024.Session')::new($ExecutionContext.SessionState.Module, $PSVersionTable.PSVersion, { Clear-V2024Module }) }
catch { throw $_.Exception.GetBaseException().Message }
if ($Names) { Add-V2024Alias -Names $Names }
