<#
Publishes a module's folder as a package to a folder, with the PowerShell command that publishes to a gallery.
#>
param([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string] $Repository)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$name = "xtask-$PID"
Register-PSResourceRepository -Name $name -Uri $Repository -Trusted
try {
    Publish-PSResource -Path $Module -Repository $name
} finally {
    Unregister-PSResourceRepository -Name $name
}
