# Access to the caller's scope, which a module does not have by itself.

# Finds a command as the caller would. A script block created from text runs in the caller's scope; a literal one would
# search in the module.
function script:Get-V2024CallerCommand {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Name)
    $look = [scriptblock]::Create('$ExecutionContext.InvokeCommand.GetCommand($args[0], "All")')
    foreach ($command in $Cmdlet.InvokeCommand.InvokeScript($Cmdlet.SessionState, $look, $Name)) { return $command }
}
