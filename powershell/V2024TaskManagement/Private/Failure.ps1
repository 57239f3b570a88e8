# Writes errors.

# Writes a terminating error, as the documented scripts expect. With another -ErrorAction, or for an error that concerns
# only one item (-OfItem), it writes an error record and continues.
function script:Write-V2024Failure {
    param([Management.Automation.PSCmdlet] $Cmdlet, [Management.Automation.ErrorRecord] $Record, [switch] $OfItem)
    $preference = $null
    if (-not $Cmdlet.MyInvocation.BoundParameters.TryGetValue('ErrorAction', [ref] $preference)) {
        $preference = $Cmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference')
        if (-not $OfItem -and "$preference" -notin 'SilentlyContinue', 'Ignore') { $preference = 'Stop' }
    }
    if ("$preference" -eq 'Stop') {
        # Write-Error takes the position from $MyInvocation, so the error points at the caller's line. It ends the
        # caller's script, as the documented SDK does; ThrowTerminatingError would end only the statement.
        $MyInvocation = $Cmdlet.MyInvocation
        Microsoft.PowerShell.Utility\Write-Error -ErrorRecord $Record -ErrorAction Stop
    }
    $ErrorActionPreference = $preference
    $Cmdlet.WriteError($Record)
}

# Writes the error for an argument that the module refuses before it calls the library.
function script:Write-V2024InvalidArgument {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Message, $TargetObject)
    $response = $script:Interop.GetType('V2024.Response')::Refused($Message)
    Write-V2024Failure -Cmdlet $Cmdlet -Record ($response.ErrorRecord($TargetObject))
}
