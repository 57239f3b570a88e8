# How many are pending, from the header.
$Response = Get-V2024PendingTaskHeaders -Count $true -WithHttpInfo
"Status $($Response.StatusCode), pending: $($Response.Headers['X-Total-Count'])"
$Response = Get-V2024PendingTasks -Limit 1 -Count $true -WithHttpInfo
"First of $($Response.Headers['X-Total-Count'][0]): $($Response.Response[0].id)"
if ([int]$Response.Headers["X-Total-Count"][0] -gt 1) { 'More than one' }
