# Turns the library's errors into error records: exception, fixed error id, category, target, unchanged body and hint.

# The error id and category by error.code; for HTTP errors, by status. The ids are part of the module's interface.
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
    resources        = 'ResourcesExhausted', 'ResourceUnavailable'
    incomplete       = 'ListIncomplete', 'InvalidResult'
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
    $exception = if ($status) {
        $http = New-V2024HttpResponse -Response $Response
        [Microsoft.PowerShell.Commands.HttpResponseException]::new($failure.message, $http)
    }
    elseif ($failure.code -eq 'invalid_argument') { [ArgumentException]::new($failure.message) }
    elseif ($failure.code -in 'settings', 'resources', 'panic') { [InvalidOperationException]::new($failure.message) }
    else { [Net.Http.HttpRequestException]::new($failure.message) }

    $record = [Management.Automation.ErrorRecord]::new($exception, $kind[0], $kind[1], $TargetObject)
    $hint = $failure.psobject.Properties['hint']
    if ($body -or $hint) {
        # ErrorDetails requires a text; without a body it is the message.
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
        # .NET keeps headers of the content separately, and refuses them among the other headers.
        if ($http.Headers.TryAddWithoutValidation($header.Key, $header.Value)) { continue }
        $null = $http.Content.Headers.TryAddWithoutValidation($header.Key, $header.Value)
    }
    return $http
}

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
    Write-V2024Failure -Cmdlet $Cmdlet -Record (New-V2024ErrorRecord -Response $response -TargetObject $TargetObject)
}
