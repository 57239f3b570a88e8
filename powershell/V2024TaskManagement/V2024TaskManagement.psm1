# A thin module over the native library libv2024_task_management. Public has the cmdlets, Private the code that they
# share. To keep the import fast, it only defines the cmdlets and loads the library; Private is read on first use.
param(
    # V1 (from Import-Module -ArgumentList) adds aliases: the names of three cmdlets in the vendor's newer SDK.
    [string] $Names
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

# Code that needs Private calls this first. The functions there are declared with script:, because otherwise they would
# exist only in this function's scope.
$script:PrivateIsRead = $false
function Import-V2024Private {
    if ($script:PrivateIsRead) { return }
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Private", '*.ps1')) { . $file }
    $script:PrivateIsRead = $true
}

# These are functions because an import compiles the code outside of functions.
$script:Aliases = @()
function Add-V2024Alias {
    param([string] $Names)
    if ($Names -ne 'V1') { throw "V2024TaskManagement takes V1 as its argument, not '$Names'" }
    # Not in the manifest, since every import would then export these aliases.
    $script:Aliases = foreach ($name in 'Get-TaskStatus', 'Get-TaskStatusList', 'Update-TaskStatus') {
        Set-Alias -Name "${name}V1" -Value "V2024TaskManagement\$($name.Replace('-', '-V2024'))" -Scope Global -PassThru
    }
}
function Clear-V2024Module {
    $script:Session.Clients.Clear()
    foreach ($alias in $script:Aliases) { Remove-Item -LiteralPath "Alias:$($alias.Name)" -ErrorAction Ignore }
}

# The C# in Interop does what script cannot do, or does slowly; packaging compiles it. LoadFile allows a second copy
# of the module in the same process to use its own assembly. The native library is loaded here, so that the import
# fails if the library is missing or built for another platform.
$script:Interop = [Reflection.Assembly]::LoadFile("$PSScriptRoot/Interop/V2024TaskManagement.Interop.dll")
try {
    $script:Session = $script:Interop.GetType('V2024.Session')::new(
        $ExecutionContext.SessionState.Module, "$($PSVersionTable.PSVersion)", { Clear-V2024Module })
}
catch { throw $_.Exception.GetBaseException().Message }
if ($Names) { Add-V2024Alias -Names $Names }
