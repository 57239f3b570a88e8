#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Writes recent failed tasks to a CSV file, for a nightly job.

    .EXAMPLE
        ./Export-Failures.ps1 -Path failures.csv

        Writes the failures of the last 24 hours.
#>
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # How far to look back.
    [int] $Hours = 24
)

$ErrorActionPreference = 'Stop'

$invariant = [cultureinfo]::InvariantCulture
$failures = @(
    Get-V2024TaskStatusList -CompletionStatus ERROR, TEMPERROR -After (Get-Date).AddHours(-$Hours) -All |
        Select-Object -Property @(
            'id', 'uniqueName'
            # Calculated columns are present even if the tenant leaves the member out.
            @{ Name = 'source'; Expression = { "$($_.target)" } }
            'completionStatus'
            # Dates in ISO 8601 and UTC, numbers with a point: the same in every country.
            @{ Name = 'launched'; Expression = { $_.launched?.ToString('u') } }
            @{ Name = 'completed'; Expression = { $_.completed?.ToString('u') } }
            @{ Name = 'minutes'; Expression = { $_.Duration()?.TotalMinutes.ToString('0.#', $invariant) } }
            @{ Name = 'messages'; Expression = { $_.messages -join '; ' } }
        )
)
$failures | Export-Csv -LiteralPath $Path -Encoding utf8BOM
"$($failures.Count) failed tasks of the last $Hours hours are in $Path"
