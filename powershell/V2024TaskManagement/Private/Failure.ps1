# The library's errors as PowerShell's: exception, fixed id, category, target, the body as it came, and the hint.

# By error.code, and for an answer with an HTTP status by that. Ids are part of the contract.
$script:Failures = @{
    invalid_argument = 'InvalidArgument', 'InvalidArgument'
    settings         = 'InvalidSettings', 'InvalidOperation'
    authentication   = 'AuthenticationFailed', 'AuthenticationError'
    connect          = 'ConnectionFailed', 'ConnectionError'
    tls              = 'TlsFailed', 'SecurityError'
    timeout          = 'Timeout', 'OperationTimeout'
    gone             = 'TaskGone', 'ObjectNotFound'
    cancelled        = 'Cancelled', 'OperationStopped'
    invalid_response = 'InvalidResponse', 'InvalidResult'
    panic            = 'InternalError', 'NotSpecified'
    http             = 'HttpError', 'InvalidOperation'
    http400          = 'BadRequest', 'InvalidArgument'
    http401          = 'Unauthorized', 'AuthenticationError'
    http403          = 'Forbidden', 'PermissionDenied'
    http404          = 'NotFound', 'ObjectNotFound'
    http429          = 'TooManyRequests', 'LimitsExceeded'
    http5            = 'ServerError', 'ResourceUnavailable'
}

function script:New-V2024ErrorRecord {
    param($Response, $TargetObject)
    $failure, $status, $body = $Response.Error, $Response.Status, $Response.Text
    $kind = $script:Failures[$failure.code]
    if ($failure.code -eq 'http') {
        $kind = $script:Failures["http$status"] ?? $script:Failures["http$([Math]::Floor($status / 100))"] ?? $kind
    }
    $exception = if ($status) { [Microsoft.PowerShell.Commands.HttpResponseException]::new($failure.message, (New-V2024HttpResponse -Response $Response)) }
    elseif ($failure.code -eq 'invalid_argument') { [ArgumentException]::new($failure.message) }
    elseif ($failure.code -in 'settings', 'panic') { [InvalidOperationException]::new($failure.message) }
    else { [Net.Http.HttpRequestException]::new($failure.message) }

    $record = [Management.Automation.ErrorRecord]::new($exception, $kind[0], $kind[1], $TargetObject)
    $hint = $failure.psobject.Properties['hint']
    if ($body -or $hint) {
        # ErrorDetails has to have a text of its own; where there is no body it is the message.
        $record.ErrorDetails = [Management.Automation.ErrorDetails]::new($body ? $body : $failure.message)
        if ($hint) { $record.ErrorDetails.RecommendedAction = $hint.Value }
    }
    return $record
}

function script:New-V2024HttpResponse {
    param($Response)
    $http = [Net.Http.HttpResponseMessage]::new([Enum]::ToObject([Net.HttpStatusCode], $Response.Status))
    $http.Content = [Net.Http.StringContent]::new([string] $Response.Text)
    $http.Content.Headers.Clear()
    foreach ($header in $Response.Headers.GetEnumerator()) {
        # The headers of the content are kept apart, and refused among the others.
        if (-not $http.Headers.TryAddWithoutValidation($header.Key, $header.Value)) { $null = $http.Content.Headers.TryAddWithoutValidation($header.Key, $header.Value) }
    }
    return $http
}

# Terminating, as the documented scripts expect; one record and no more where the caller wants to go on, or the error is
# one item's by nature.
function script:Write-V2024Failure {
    param([Management.Automation.PSCmdlet] $Cmdlet, [Management.Automation.ErrorRecord] $Record, [switch] $OfItem)
    $preference = $null
    if (-not $Cmdlet.MyInvocation.BoundParameters.TryGetValue('ErrorAction', [ref] $preference)) {
        $preference = $Cmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference')
        if (-not $OfItem -and "$preference" -notin 'SilentlyContinue', 'Ignore') { $preference = 'Stop' }
    }
    if ("$preference" -eq 'Stop') {
        # Write-Error takes the position from $MyInvocation, so the error points at the caller's line; and it ends the
        # caller's script, as the documented SDK does, where ThrowTerminatingError would end the statement only.
        $MyInvocation = $Cmdlet.MyInvocation
        Microsoft.PowerShell.Utility\Write-Error -ErrorRecord $Record -ErrorAction Stop
    }
    $ErrorActionPreference = $preference
    $Cmdlet.WriteError($Record)
}

# What is refused here already, before the library has it.
function script:Write-V2024InvalidArgument {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Message, $TargetObject)
    $response = $script:Interop.GetType('V2024.Response')::Refused($Message)
    Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024ErrorRecord -Response $response -TargetObject $TargetObject)
}
