# One operation, from a cmdlet's parameters to objects in the pipeline. Session.Run does what is simple; this does the rest.

function script:Invoke-V2024Operation {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    Receive-V2024Result -Cmdlet $Cmdlet -Call ($script:Session.Start($Cmdlet, $Operation, $Bound)) -Operation $Operation -Bound $Bound
}

# What a call gives that is not done yet; and its end.
function script:Receive-V2024Result {
    param(
        [Management.Automation.PSCmdlet] $Cmdlet,
        $Call,
        [string] $Operation,
        [Collections.IDictionary] $Bound,
        # What is left out: see Range.ps1.
        [AllowNull()] [hashtable] $Range
    )
    $all, $withHttpInfo = [bool] $Bound['All'], [bool] $Bound['WithHttpInfo']
    $progress = $null
    try {
        if ($all) { $progress = New-V2024ListProgress -Cmdlet $Cmdlet -Operation $Operation -Bound $Bound }
        while ($response = Receive-V2024Response -Call $Call -Cmdlet $Cmdlet) {
            if ($response.Error) { Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024ErrorRecord -Response $response -TargetObject $Call.Target) }
            else {
                if ($progress) { Update-V2024ListProgress -Progress $progress -Body $response.Body }
                if ($Range) { Limit-V2024Range -Cmdlet $Cmdlet -Range $Range -Response $response }
                $result = $Bound['Raw'] ? $response.Text : $response.Body
                # Plain output, a list item by item: from WriteObject, a script's call of a method, an exception of the caller's own
                # further down the pipeline would come back as a MethodInvocationException.
                if ($withHttpInfo -or $Operation -eq 'get_pending_task_headers') { Format-V2024Response -Response $response -Result $result -WithHttpInfo $withHttpInfo }
                elseif ($null -ne $result) { $result }
            }
            if (-not $all -or ($Range -and $Range.Over)) { break }
        }
    }
    finally {
        $Call.Dispose()
        if ($progress) { Stop-V2024ListProgress -Progress $progress }
    }
}

# The one object that an operation gives, for the module itself; nothing after an error.
function script:Read-V2024Object {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $call = $script:Session.Start($Cmdlet, $Operation, $Bound)
    try {
        $response = Receive-V2024Response -Call $call -Cmdlet $Cmdlet
        if ($response.Error) { Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024ErrorRecord -Response $response -TargetObject $call.Target); return }
        return $response.Body
    }
    finally { $call.Dispose() }
}

# An answer with its status and headers.
function script:Format-V2024Response {
    param($Response, [AllowNull()] $Result, [bool] $WithHttpInfo)
    if ($WithHttpInfo) { return @{ Response = $Result; StatusCode = $Response.Status; Headers = $Response.Headers } }
    $total = if ($Response.Headers.ContainsKey('X-Total-Count')) { [int] $Response.Headers['X-Total-Count'][0] }
    return [pscustomobject]@{ PSTypeName = 'V2024.PendingTaskHeaders'; TotalCount = $total; StatusCode = $Response.Status; Headers = $Response.Headers }
}
