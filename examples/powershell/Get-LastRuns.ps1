<#
    .SYNOPSIS
        Gives the last account aggregation of each source: when, how long, how it ended.

    .EXAMPLE
        ./Get-LastRuns.ps1 | Format-Table

        As a table.

    .EXAMPLE
        ./Get-LastRuns.ps1 | Where-Object hoursAgo -GT 24

        The sources whose last run is more than a day ago.
#>
param(
    # How far to look back.
    [int] $Days = 30,

    # Which kind of task, by the filter's name.
    [string] $Type = 'CLOUD_ACCOUNT_AGGREGATION'
)

$ErrorActionPreference = 'Stop'

# Newest first, so the first of a source is its last run.
Get-V2024TaskStatusList -Type $Type -After (Get-Date).AddDays(-$Days) -All |
    Where-Object { $_.psobject.Properties['target'] -and $_.target } |
    Group-Object { $_.target.id } |
    ForEach-Object {
        $last = $_.Group[0]
        [pscustomobject]@{
            source   = $last.target.name
            status   = $last.completionStatus ? $last.completionStatus : "pending $($last.percentComplete) %"
            created  = $last.created
            hoursAgo = [Math]::Round($last.Age().TotalHours, 1)
            minutes  = [Math]::Round($last.Duration()?.TotalMinutes, 1)
            runs     = $_.Count
            id       = $last.id
        }
    } |
    Sort-Object created
