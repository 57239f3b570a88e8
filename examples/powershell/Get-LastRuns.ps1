#Requires -Version 7.4 -Modules V2024TaskManagement

<#
    .SYNOPSIS
        Returns the last account aggregation of each source: when it ran, how long it took, and how it ended.

    .EXAMPLE
        ./Get-LastRuns.ps1 | Format-Table

        Shows the last runs as a table.

    .EXAMPLE
        ./Get-LastRuns.ps1 | Where-Object hoursAgo -GT 24

        Returns the sources whose last run is more than a day ago.
#>
param(
    # How far to look back.
    [int] $Days = 30,

    # The type of task, by its name in filters.
    [string] $Type = 'CLOUD_ACCOUNT_AGGREGATION'
)

$ErrorActionPreference = 'Stop'

Get-V2024TaskStatusList -Type $Type -After (Get-Date).AddDays(-$Days) -All |
    Where-Object { $_.psobject.Properties['target'] -and $_.target } |
    Group-Object { $_.target.id } |
    ForEach-Object {
        $last = $_.Group | Sort-Object created -Bottom 1
        [pscustomobject]@{
            source   = $last.target.name
            status   = $last.completionStatus ? $last.completionStatus : "pending $($last.percentComplete) %"
            created  = $last.created
            hoursAgo = [Math]::Round($last.Age().TotalHours, 1)
            # Nothing while the task has not been launched.
            minutes  = $last.Duration() ? [Math]::Round($last.Duration().TotalMinutes, 1) : $null
            runs     = $_.Count
            id       = $last.id
        }
    } |
    Sort-Object created
