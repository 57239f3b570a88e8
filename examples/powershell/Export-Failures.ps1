<#
    .SYNOPSIS
        Writes the tasks that failed lately to a CSV file, for a nightly job.

    .EXAMPLE
        ./Export-Failures.ps1 -Path failures.csv

        What failed in the last 24 hours.
#>
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # How far to look back.
    [int] $Hours = 24
)

$ErrorActionPreference = 'Stop'

$failures = @(
    Get-V2024TaskStatusList -CompletionStatus ERROR, TEMPERROR -After (Get-Date).AddHours(-$Hours) -All |
        Select-Object -Property @(
            'id', 'uniqueName'
            # Columns of their own names stay there when a tenant leaves the member out.
            @{ Name = 'source'; Expression = { "$($_.target)" } }
            'completionStatus'
            # ISO 8601 in UTC reads the same in every country.
            @{ Name = 'launched'; Expression = { $_.launched?.ToString('u') } }
            @{ Name = 'completed'; Expression = { $_.completed?.ToString('u') } }
            @{ Name = 'minutes'; Expression = { [Math]::Round($_.Duration()?.TotalMinutes, 1) } }
            @{ Name = 'messages'; Expression = { $_.messages -join '; ' } }
        )
)
$failures | Export-Csv -Path $Path -Encoding utf8BOM
"$($failures.Count) failed tasks of the last $Hours hours are in $Path"
