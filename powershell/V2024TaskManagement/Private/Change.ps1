# Confirmation of changes.

# ShouldProcess with the preferences of the caller's scope, which a module does not have by itself.
function script:Confirm-V2024Change {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Target, [string] $Action)
    $WhatIfPreference = $Cmdlet.SessionState.PSVariable.GetValue('WhatIfPreference', $false)
    $ConfirmPreference = $Cmdlet.SessionState.PSVariable.GetValue('ConfirmPreference', 'High')
    return $Cmdlet.ShouldProcess($Target, $Action)
}

function script:Confirm-V2024Update {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Id, [object[]] $JsonPatchOperation)
    $action = $script:Interop.GetType('V2024.JsonPatch')::Describe($JsonPatchOperation)
    return Confirm-V2024Change -Cmdlet $Cmdlet -Target "task $Id" -Action $action
}

# The age of a task in words, such as 9 days ago.
function script:Format-V2024Age {
    param($Task)
    $age = $Task.Age()
    if ($null -eq $age) { return 'at an unknown time' }
    $number, $unit = if ($age.TotalDays -ge 2) { $age.TotalDays, 'days' }
    elseif ($age.TotalHours -ge 2) { $age.TotalHours, 'hours' }
    else { [Math]::Max(0, $age.TotalMinutes), 'minutes' }
    return "$([Math]::Floor($number)) $unit ago"
}
