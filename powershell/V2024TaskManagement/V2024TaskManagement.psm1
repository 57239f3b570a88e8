# A thin module over the native library libv2024_task_management. Public has the cmdlets: help, parameters, and a line
# for each of begin, process, end and clean. In begin, the session makes an object of the C# in Interop for the
# invocation, which does the rest.
param(
    # V1 (from Import-Module -ArgumentList) adds aliases: the names of three cmdlets in the vendor's newer SDK.
    [string] $Names
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

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
# Write-Error takes the position from $MyInvocation, so the error points at the caller's line. It ends the caller's
# script; ThrowTerminatingError would end only the statement.
function Stop-V2024Script {
    param($Record, $Invocation)
    $MyInvocation = $Invocation
    Microsoft.PowerShell.Utility\Write-Error -ErrorRecord $Record -ErrorAction Stop
}
function Clear-V2024Module {
    $script:Session.Clients.Clear()
    foreach ($alias in $script:Aliases) { Remove-Item -LiteralPath "Alias:$($alias.Name)" -ErrorAction Ignore }
}

# Packaging compiles the C# in Interop. Script names none of its types in a function or an attribute, and LoadFile lets
# a second copy of the module in the same process use its own assembly. Import loads the native library, so that the
# import fails if the library is missing or built for another platform. It is one call, because each further one from
# script takes 1 to 5 ms when it first runs.
$script:Interop = [Reflection.Assembly]::LoadFile("$PSScriptRoot/Interop/V2024TaskManagement.Interop.dll")
try {
    $script:Session = $script:Interop.GetType('V2024.Session')::Import($ExecutionContext, { Clear-V2024Module },
        { param($Record, $Invocation) Stop-V2024Script -Record $Record -Invocation $Invocation })
}
catch { throw $_.Exception.GetBaseException().Message }
if ($Names) { Add-V2024Alias -Names $Names }
