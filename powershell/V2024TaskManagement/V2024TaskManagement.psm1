# A thin module over libv2024_task_management: Public holds the cmdlets, Private what they share.
param(
    # V1, by Import-Module -ArgumentList: the names that the vendor's newer SDK has for three cmdlets, too.
    [string] $Names
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($Names -notin '', 'V1') { throw "V2024TaskManagement takes V1 as its argument, not '$Names'" }

$script:ModuleRoot = $PSScriptRoot
foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Private", '*.ps1')) { . $file }
foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/Public", '*.ps1')) { . $file }

$script:Aliases = @()
if ($Names -eq 'V1') {
    # Global, since an alias in the manifest would be there for everybody.
    $script:Aliases = foreach ($name in 'Get-TaskStatus', 'Get-TaskStatusList', 'Update-TaskStatus') {
        Set-Alias -Name "${name}V1" -Value "V2024TaskManagement\$($name.Replace('-', '-V2024'))" -Scope Global -PassThru
    }
}

$ExecutionContext.SessionState.Module.OnRemove = {
    Clear-V2024Client
    foreach ($alias in $script:Aliases) { Remove-Item -LiteralPath "Alias:$($alias.Name)" -ErrorAction Ignore }
}

Import-V2024Library
