<#
Installs the module's package, uses it, installs the next version while a session has the old one
loaded, and removes both. Each session is a new process, as it would be for a user.

`cargo xtask test install` provides an empty home folder, a folder with both packages, and the SAIL_*
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

# Runs a script in a new PowerShell and returns its output.
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
Assert-Equal 'The output of a new session' (Invoke-Session $five) "$Version $worked"

# C71: the old version stays loaded and usable while the next one is installed.
$during = Invoke-Session @"
Import-Module V2024TaskManagement
`$total = (Get-V2024PendingTaskHeaders -Count `$true).TotalCount
Install-PSResource V2024TaskManagement -Repository packages -Version $NextVersion
(Get-Module V2024TaskManagement).Version.ToString()
`$total -eq (Get-V2024PendingTaskHeaders -Count `$true).TotalCount
"@
Assert-Equal 'The output of the session with the old version' $during "$Version True"
Assert-Equal 'The output of a new session after the update' (Invoke-Session $five) "$NextVersion $worked"
$installed = Get-InstalledPSResource V2024TaskManagement | Sort-Object Version
Assert-Equal 'The installed versions' ($installed.Version -join ' ') "$Version $NextVersion"

Uninstall-PSResource V2024TaskManagement -Version '*'
Assert-Equal 'The number of installed modules' @(Get-Module V2024TaskManagement -ListAvailable).Count 0
Assert-Equal 'The existence of the folders' ($installed.InstalledLocation.ForEach{
        Test-Path (Join-Path $_ V2024TaskManagement) } -join ' ') 'False False'

"$checks passed, 0 failed"
