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
    # The first few of them.
    Get-V2024PendingTasks -Limit 5 | Format-Table launched, percentComplete, uniqueName
}, {
    # Which one has been running for longest?
    $stuck = Get-V2024PendingTasks | Where-Object launched | Sort-Object launched | Select-Object -First 1
    Get-V2024TaskStatus -Id $stuck.id | Format-List id, uniqueName, type, launcher, launched, percentComplete
}, {
    # It is stuck: clear it.
    $clear = @(
        @{ op = 'replace'; path = '/completionStatus'; value = 'TERMINATED' }
        @{ op = 'replace'; path = '/completed'; value = [datetime]::UtcNow }
    )
    $stuck | Update-V2024TaskStatus -JsonPatchOperation $clear | Format-List id, completionStatus, completed
}, {
    # What failed in the last day?
    Get-V2024TaskStatusList -Filters 'completionStatus eq "ERROR"' -Sorters '-created' |
        Where-Object created -GT ([datetime]::UtcNow.AddDays(-1)) |
        Format-Table created, { $_.target.name }, uniqueName
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
