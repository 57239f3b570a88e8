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

# A spreadsheet runs a cell that begins with one of these as a formula, and task names may be anybody's words.
$formula = '^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]'

$failures = @(
    Get-V2024TaskStatusList -CompletionStatus ERROR, TEMPERROR -After (Get-Date).AddHours(-$Hours) -All |
        Select-Object -Property @(
            'id', 'uniqueName'
            # Calculated columns are present even if the tenant leaves the member out.
            @{ Name = 'source'; Expression = { "$($_.target)" } }
            'completionStatus'
            # ISO 8601 in UTC is unambiguous in every country.
            @{ Name = 'launched'; Expression = { $_.launched?.ToString('u') } }
            @{ Name = 'completed'; Expression = { $_.completed?.ToString('u') } }
            @{ Name = 'minutes'; Expression = { [Math]::Round($_.Duration()?.TotalMinutes, 1) } }
            @{ Name = 'messages'; Expression = { $_.messages -join '; ' } }
        ) |
        ForEach-Object {
            foreach ($cell in $_.psobject.Properties) {
                # The quotation mark makes it text.
                if ($cell.Value -is [string] -and $cell.Value -match $formula) { $cell.Value = "'$($cell.Value)" }
            }
            $_
        }
)
$failures | Export-Csv -Path $Path -Encoding utf8BOM
"$($failures.Count) failed tasks of the last $Hours hours are in $Path"
