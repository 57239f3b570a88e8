#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Writes the tasks that failed recently to a CSV file, for a nightly job.

    .DESCRIPTION
        A task failed if it ended with another completion status than SUCCESS and WARNING. What counts is when it
        ended: one that began the evening before and failed in the night is among the failures of the night.

    .EXAMPLE
        ./Export-Failures.ps1 -Path failures.csv

        Writes the tasks that failed in the last 24 hours.
#>
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # How far to look back.
    [int] $Hours = 24,

    # The longest that a task may have run. The tenant finds tasks by when they were created, so one that was created
    # before that is not found.
    [int] $LongestHours = 168
)

$ErrorActionPreference = 'Stop'

$invariant = [cultureinfo]::InvariantCulture
# A spreadsheet runs a cell that begins with one of these as a formula, and task names may be anybody's words.
$first = '[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]'
# It may take another separator than the comma, so that cells begin within a text. U+061B is that of Persian.
$formula = "^(?=$first|[\t\r\n])|(?<=[,;|\t\r\n\u061B])(?=[`"\s]*$first)"

$since = [datetime]::UtcNow.AddHours(-$Hours)
$statuses = 'ERROR', 'TEMPERROR', 'TERMINATED'
$failures = @(
    Get-V2024TaskStatusList -CompletionStatus $statuses -After $since.AddHours(-$LongestHours) -All |
        Where-Object { ($_.completed ?? $_.created) -ge $since } |
        Select-Object -Property @(
            'id', 'uniqueName'
            # Calculated columns are present even if the tenant leaves the member out.
            @{ Name = 'source'; Expression = { "$($_.target)" } }
            'completionStatus'
            # ISO 8601 in UTC is unambiguous in every country.
            @{ Name = 'launched'; Expression = { $_.launched?.ToString('u') } }
            @{ Name = 'completed'; Expression = { $_.completed?.ToString('u') } }
            @{ Name = 'minutes'; Expression = { $_.Duration() ? [Math]::Round($_.Duration().TotalMinutes, 1) : $null } }
            @{ Name = 'messages'; Expression = { $_.messages -join '; ' } }
        ) |
        ForEach-Object {
            foreach ($cell in $_.psobject.Properties) {
                # A number with a point in every country, as in the dates.
                if ($cell.Value -is [double]) { $cell.Value = $cell.Value.ToString($invariant) }
                # The quotation mark makes it text. What is no text becomes one in the file.
                elseif ($null -ne $cell.Value) { $cell.Value = "$($cell.Value)" -replace $formula, "'" }
            }
            $_
        }
)
$failures | Export-Csv -LiteralPath $Path -Encoding utf8BOM
"Tasks that failed in the last $Hours hours: $($failures.Count), in $Path"
