<#
The session that `cargo xtask demo` shows. It expects the packaged module's folder as its argument and the SAIL_*
variables of a tenant. It prints each block below and then runs it.
#>
param([Parameter(Mandatory)] [string] $Module)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$session = {
    # How many tasks are pending? Only headers are transferred.
    $before = Get-V2024PendingTaskHeaders -Count $true
    $before.TotalCount
}, {
    # The oldest pending tasks.
    Get-V2024PendingTasks -All | Sort-Object created | Select-Object -First 5
}, {
    # The oldest one has been pending for days.
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
