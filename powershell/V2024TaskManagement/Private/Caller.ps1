# What only the caller's scope knows: a module does not see it by itself.

# A switch of the call, or else the preference variable of the caller.
function script:Get-V2024Preference {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Name)
    $given = $null
    if ($Cmdlet.MyInvocation.BoundParameters.TryGetValue($Name, [ref] $given)) { return $given ? 'Continue' : 'SilentlyContinue' }
    return $Cmdlet.SessionState.PSVariable.GetValue("${Name}Preference", 'SilentlyContinue')
}

# A script block of the module's own would look in the module; one that is made from text looks where it is run.
function script:Get-V2024CallerCommand {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Name)
    $look = [scriptblock]::Create('$ExecutionContext.InvokeCommand.GetCommand($args[0], "All")')
    foreach ($command in $Cmdlet.InvokeCommand.InvokeScript($Cmdlet.SessionState, $look, $Name)) { return $command }
}
