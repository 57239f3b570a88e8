# Failures of all sources as CSV.
$Path = Join-Path ([IO.Path]::GetTempPath()) "failures-$PID.csv"
Get-V2024TaskStatusList -Filters 'completionStatus eq "ERROR"' -Sorters '-created' |
    Select-Object id, @{ n = 'Source'; e = { $_.target.name } }, uniqueName, created,
        @{ n = 'Message'; e = { ($_.messages.localizedText.message) -join '; ' } } |
    Export-Csv -Path $Path -NoTypeInformation
$Rows = Import-Csv $Path
$Rows | ForEach-Object { '{0} | {1} | {2}' -f $_.id, $_.Source, $_.Message }
Remove-Item $Path
