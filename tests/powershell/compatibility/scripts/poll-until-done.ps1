# Waits for one task.
$Id = 'p1'
$Tries = 0
do {
    $Tries++
    $Status = Get-V2024TaskStatus -Id $Id
    $Done = $Status.completed -and $Status.completionStatus
    if (-not $Done) { Start-Sleep -Milliseconds 10 }
} until ($Done -or $Tries -ge 50)
"$($Status.completionStatus) after $Tries polls"
