# Error handling in catch, as in published scripts.
try {
    Get-V2024TaskStatus -Id 'nope'
} catch {
    Write-Host $_.Exception.Response.StatusCode.value__ "Exception occurred when calling Get-V2024TaskStatus"
    $Body = $_.ErrorDetails.Message | ConvertFrom-Json
    Write-Host $Body.detailCode
    if ($_.Exception.Response.StatusCode -eq 'NotFound') { Write-Host 'gone' }
    if ($_.Exception.Response.StatusCode -eq 404) { Write-Host 'gone indeed' }
    if ([int]$_.Exception.Response.StatusCode -ge 400) { Write-Host 'an error' }
}
$Status = Get-V2024TaskStatus -Id 'nope' -ErrorAction SilentlyContinue
if ($null -eq $Status) { Write-Host 'nothing' }
$Result = foreach ($Id in 'd1', 'nope', 'd2') {
    try { (Get-V2024TaskStatus -Id $Id -ErrorAction Stop).id }
    catch [Microsoft.PowerShell.Commands.HttpResponseException] { "no $Id" }
}
$Result -join ', '
