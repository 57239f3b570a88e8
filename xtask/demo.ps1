<#
The session that `cargo xtask demo` shows. It expects the packaged module's folder and the SAIL_*
variables of a tenant. Every block below is printed, then run.
#>
param([Parameter(Mandatory)] [string] $Module)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$session = {
    # How many tasks are pending? Only headers travel.
    $before = Get-V2024PendingTaskHeaders -Count $true
    $before.TotalCount
}, {
    # The oldest of them.
    Get-V2024PendingTasks -All | Sort-Object created | Select-Object -First 5
}, {
    # The first of these has been pending for days.
    $stuck = Get-V2024PendingTasks -All | Sort-Object created | Select-Object -First 1
    Get-V2024TaskStatus -Id $stuck.id | Format-List id, uniqueName, launcher, created, launched, percentComplete
}, {
    # It is stuck: clear it.
    $clear = @(
        @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
        @{ op = 'replace'; path = '/completed'; value = [datetime]::UtcNow }
    )
    $stuck | Update-V2024TaskStatus -JsonPatchOperation $clear | Format-List id, completionStatus, completed
}, {
    # What failed in the last day?
    Get-V2024TaskStatusList -CompletionStatus ERROR -After (Get-Date).AddDays(-1) -All | Select-Object -First 8
}, {
    # One fewer is pending.
    $after = Get-V2024PendingTaskHeaders -Count $true
    $after.TotalCount
}

"PS> Import-Module $Module"
Import-Module $Module
foreach ($step in $session) {
    $lines = "$step".Trim("`r", "`n").TrimEnd() -split "`r?`n" -replace '^ {4}', ''
    ''
    'PS> ' + ($lines -join "`n  > ")
    . $step | Out-String -Stream | ForEach-Object TrimEnd | Where-Object { $_ }
}

if ($after.TotalCount -ge $before.TotalCount) {
    throw "The task that was cleared is still pending: $($before.TotalCount) before, $($after.TotalCount) after."
}
