# Prints the result of a contender.
function Write-Report {
    param([double] $Seconds)
    $peak = ([IO.File]::ReadAllLines('/proc/self/status') -match '^VmHWM:')[0] -replace '\D'
    "{""seconds"":$($Seconds.ToString([cultureinfo]::InvariantCulture)),""peak_kb"":$peak}"
}
