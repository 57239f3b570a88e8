<#
Installs the module's package, uses it, installs the next version over it while a session has the
old one loaded, and removes it: each session a process of its own, as a user's would be.

`cargo xtask test install` gives it an empty home folder, a folder with both packages and the SAIL_*
variables of a sandbox tenant with five pending tasks.
#>
param(
    [Parameter(Mandatory)] [string] $Pwsh,
    [Parameter(Mandatory)] [string] $Repository,
    [Parameter(Mandatory)] [string] $Version,
    [Parameter(Mandatory)] [string] $NextVersion
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$checks = 0

function Assert-Equal {
    param([string] $What, $Actual, $Expected)
    if ("$Actual" -cne "$Expected") { throw "$What is '$Actual', not '$Expected'." }
    $script:checks++
}

# Runs a script in a new PowerShell and gives what it prints.
function Invoke-Session {
    param([string] $Script)
    $output = & $Pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Script"
    if ($LASTEXITCODE -ne 0) { throw "A session ended with ${LASTEXITCODE}: $output" }
    $output
}

$five = @'
Import-Module V2024TaskManagement
(Get-Module V2024TaskManagement).Version.ToString()
$before = (Get-V2024PendingTaskHeaders -Count $true).TotalCount
$id = (Get-V2024PendingTasks -Limit 1).id
(Get-V2024TaskStatus -Id $id).id -eq $id
$patch = @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
(Update-V2024TaskStatus -Id $id -JsonPatchOperation $patch).completionStatus
@(Get-V2024TaskStatusList -Limit 3 -Filters 'completionStatus eq "ERROR"').Count
$before - (Get-V2024PendingTaskHeaders -Count $true).TotalCount
'@
$worked = 'True TERMINATED 3 1'

Register-PSResourceRepository -Name packages -Uri $Repository -Trusted
Install-PSResource V2024TaskManagement -Repository packages -Version $Version
Assert-Equal 'What a fresh session gives' (Invoke-Session $five) "$Version $worked"

# The old version stays loaded and usable while the next one is installed over it.
$during = Invoke-Session @"
Import-Module V2024TaskManagement
`$total = (Get-V2024PendingTaskHeaders -Count `$true).TotalCount
Install-PSResource V2024TaskManagement -Repository packages -Version $NextVersion
(Get-Module V2024TaskManagement).Version.ToString()
`$total -eq (Get-V2024PendingTaskHeaders -Count `$true).TotalCount
"@
Assert-Equal 'What the session with the old version gives' $during "$Version True"
Assert-Equal 'What a fresh session gives after the update' (Invoke-Session $five) "$NextVersion $worked"
$installed = Get-InstalledPSResource V2024TaskManagement | Sort-Object Version
Assert-Equal 'What is installed' ($installed.Version -join ' ') "$Version $NextVersion"

Uninstall-PSResource V2024TaskManagement -Version '*'
Assert-Equal 'What is left' @(Get-Module V2024TaskManagement -ListAvailable).Count 0
Assert-Equal 'What is left of the folders' ($installed.InstalledLocation.ForEach{
        Test-Path (Join-Path $_ V2024TaskManagement) } -join ' ') 'False False'

"$checks passed, 0 failed"
