<#
Unpacks the module from a folder of packages, with the PowerShell command that saves modules from a gallery.
#>
param([Parameter(Mandatory)] [string] $Repository, [Parameter(Mandatory)] [string] $Path)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$name = "xtask-$PID"
Register-PSResourceRepository -Name $name -Uri $Repository -Trusted
try {
    Save-PSResource -Name V2024TaskManagement -Repository $name -Path $Path
} finally {
    Unregister-PSResourceRepository -Name $name
}
