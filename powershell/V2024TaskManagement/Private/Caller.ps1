# What only the caller's scope knows: a module does not see it by itself.

# A script block of the module's own would look in the module; one that is made from text looks where it is run.
function script:Get-V2024CallerCommand {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Name)
    $look = [scriptblock]::Create('$ExecutionContext.InvokeCommand.GetCommand($args[0], "All")')
    foreach ($command in $Cmdlet.InvokeCommand.InvokeScript($Cmdlet.SessionState, $look, $Name)) { return $command }
}
