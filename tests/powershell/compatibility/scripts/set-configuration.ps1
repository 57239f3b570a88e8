# Settings given by the script, from what a vault would give.
$BaseUrl = $env:SAIL_BASE_URL; $Id = $env:SAIL_CLIENT_ID; $Secret = $env:SAIL_CLIENT_SECRET
Remove-Item Env:SAIL_BASE_URL, Env:SAIL_CLIENT_ID, Env:SAIL_CLIENT_SECRET
Set-DefaultConfiguration -BaseUrl $BaseUrl -TokenUrl "$BaseUrl/oauth/token" -ClientId $Id -ClientSecret $Secret `
    -MaximumRetryCount 2 -RetryIntervalSeconds 1
$Configuration = Get-DefaultConfiguration
"$($Configuration.MaximumRetryCount) $($Configuration["RetryIntervalSeconds"]) $($Configuration.ClientSecret)"
@(Get-V2024TaskStatusList).Count
