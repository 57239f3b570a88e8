# Runs an operation, from a cmdlet's parameters to objects in the pipeline. Session.Run finishes simple calls; this file
# handles all others.

function script:Invoke-V2024Operation {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $call = $script:Session.Start($Cmdlet, $Operation, $Bound)
    Receive-V2024Result -Cmdlet $Cmdlet -Call $call -Operation $Operation -Bound $Bound
}

# Writes the results and errors of a started call, and disposes of the call.
function script:Receive-V2024Result {
    param([Management.Automation.PSCmdlet] $Cmdlet, $Call, [string] $Operation, [Collections.IDictionary] $Bound)
    try {
        $response = Receive-V2024Response -Call $Call -Cmdlet $Cmdlet
        if ($response.Error) {
            $record = $response.ErrorRecord($Call.Target)
            Write-V2024Failure -Cmdlet $Cmdlet -Record $record
            return
        }
        $result = $Bound['Raw'] ? $response.Text : $response.Body
        # The results are plain script output. With $Cmdlet.WriteObject, an exception that the caller throws
        # further down the pipeline would become a MethodInvocationException.
        if ($Bound['WithHttpInfo'] -or $Operation -eq 'get_pending_task_headers') {
            Format-V2024Response -Response $response -Result $result -WithHttpInfo ([bool] $Bound['WithHttpInfo'])
        }
        elseif ($null -ne $result) { $result }
    }
    finally { $Call.Dispose() }
}

# The single object that an operation returns, for use in the module; nothing after an error.
function script:Read-V2024Object {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $call = $script:Session.Start($Cmdlet, $Operation, $Bound)
    try {
        $response = Receive-V2024Response -Call $call -Cmdlet $Cmdlet
        if (-not $response.Error) { return $response.Body }
        $record = $response.ErrorRecord($call.Target)
        Write-V2024Failure -Cmdlet $Cmdlet -Record $record
    }
    finally { $call.Dispose() }
}

# A response with its status and headers.
function script:Format-V2024Response {
    param($Response, [AllowNull()] $Result, [bool] $WithHttpInfo)
    if ($WithHttpInfo) { return @{ Response = $Result; StatusCode = $Response.Status; Headers = $Response.Headers } }
    $total = if ($Response.Headers.ContainsKey('X-Total-Count')) { [int] $Response.Headers['X-Total-Count'][0] }
    return [pscustomobject]@{
        PSTypeName = 'V2024.PendingTaskHeaders'
        TotalCount = $total; StatusCode = $Response.Status; Headers = $Response.Headers
    }
}
