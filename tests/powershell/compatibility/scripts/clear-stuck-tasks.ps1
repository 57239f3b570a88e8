# Clears tasks that have been pending for more than a day.
$Now = [datetime]'2025-03-10T00:00:00Z'
$Pending = Get-V2024PendingTasks -Limit 250
$Stuck = $Pending | Where-Object { $Now.ToUniversalTime() - $_.launched -gt [timespan]::FromDays(1) }
Write-Host "Found $(@($Stuck).Count) stuck of $(@($Pending).Count)"

foreach ($Task in $Stuck) {
    $Patch = @(
        @{ op = 'replace'; path = '/completionStatus'; value = 'ERROR' },
        @{ op = 'replace'; path = '/completed'; value = '2025-03-10T00:00:00.000Z' }
    )
    try {
        $Result = Update-V2024TaskStatus -Id $Task.id -JsonPatchOperation $Patch
        $At = $Result.completed.ToString('u')
        Write-Host "Cleared $($Result.id) ($($Result.uniqueName)): $($Result.completionStatus) at $At"
    } catch {
        Write-Host "Could not clear $($Task.id): $($_.Exception.Response.StatusCode.value__)"
    }
}
Write-Host "Left: $(@(Get-V2024PendingTasks).Count)"
