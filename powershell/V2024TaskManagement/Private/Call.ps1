# A running call of the library: started, its messages received one by one, freed.

# Nothing when there is no request or no client: the error was written. Whoever starts a call frees it in a finally block.
function script:Start-V2024Call {
    param([Management.Automation.PSCmdlet] $Cmdlet, [AllowNull()] [Text.StringBuilder] $Request, $TargetObject, [bool] $Raw)
    if ($null -eq $Request) { return }
    $client = Get-V2024Client -Cmdlet $Cmdlet -TargetObject $TargetObject
    if ($client -eq [IntPtr]::Zero) { return }
    $verbose = $null
    # A switch of the call, or else the preference of the caller, which a module does not see by itself.
    if ($Cmdlet.MyInvocation.BoundParameters.TryGetValue('Verbose', [ref] $verbose)) { $verbose = $verbose ? 'Continue' : 'SilentlyContinue' }
    else { $verbose = $Cmdlet.SessionState.PSVariable.GetValue('VerbosePreference', 'SilentlyContinue') }
    if ($verbose -ne 'SilentlyContinue') { $null = $Request.Append(',"events":true') }
    $handle = $script:Library::v2024_call_start($client, [Text.Encoding]::UTF8.GetBytes("$Request}`0"))
    return @{ Handle = $handle; Cmdlet = $Cmdlet; TargetObject = $TargetObject; Raw = $Raw; Verbose = $verbose }
}

# The next response or progress message, with Failure (an error record) and Raw (the body's text) where they apply;
# nothing when the call is over, or after the deadline. What else the library tells goes to the verbose stream.
function script:Receive-V2024Message {
    param([hashtable] $Call, [datetime] $Deadline = [datetime]::MaxValue)
    $VerbosePreference = $Call.Verbose
    $state = 0
    while ([datetime]::UtcNow -lt $Deadline) {
        # In slices, because Ctrl+C is not seen inside a native call.
        $json = $script:Library::v2024_call_next($Call.Handle, 50, [ref] $state)
        if ($json -eq [IntPtr]::Zero) {
            if ($state -eq 0) { return }
            continue
        }
        try {
            $message = Read-V2024Reply -Json $json
            $reply = @{ Message = $message; Failure = $null; Raw = $null }
            if ($message.kind -eq 'response') {
                if ($message.psobject.Properties['error']) {
                    $target = $message.psobject.Properties['id'] ? $message.id : $Call.TargetObject
                    $reply.Failure = New-V2024ErrorRecord -Reply $message -TargetObject $target -Body (Get-V2024Body -Json $json)
                }
                elseif ($Call.Raw) { $reply.Raw = Get-V2024Body -Json $json }
            }
        }
        finally { $script:Library::v2024_string_free($json) }
        if ($message.kind -eq 'progress') { return $reply }
        if ($message.kind -eq 'response') {
            $headers = $message.psobject.Properties['headers']
            if ($headers -and $headers.Value.psobject.Properties['x-deprecated']) { Write-V2024Deprecation -Cmdlet $Call.Cmdlet -Header $headers.Value.'x-deprecated' }
            return $reply
        }
        $Call.Cmdlet.WriteVerbose((Format-V2024Event -Message $message))
    }
}

# Frees a call and, where it is not over, cancels it: nothing more is sent.
function script:Stop-V2024Call {
    param([AllowNull()] [hashtable] $Call)
    if ($Call) { $script:Library::v2024_call_free($Call.Handle) }
}

function script:Format-V2024Event {
    param($Message)
    if ($Message.kind -eq 'retry') { return "$($Message.reason): waits $($Message.delay_ms) ms before try $($Message.attempt)" }
    $request = "$($Message.method) $($Message.url)"
    if ($Message.psobject.Properties['error']) { return "$request failed after $($Message.duration_ms) ms: $($Message.error)" }
    $tracking = if ($Message.trackingId) { ", tracking id $($Message.trackingId)" }
    return "$request answered $($Message.status), $($Message.bytes) bytes in $($Message.duration_ms) ms$tracking"
}

# One warning per process, whichever runspace meets it first.
$script:DeprecationKey = 'V2024TaskManagement|Deprecation'

function script:Write-V2024Deprecation {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Header)
    if ([AppDomain]::CurrentDomain.GetData($script:DeprecationKey)) { return }
    [AppDomain]::CurrentDomain.SetData($script:DeprecationKey, $true)
    Write-V2024Warning -Cmdlet $Cmdlet -Message "The tenant says that this part of its API will go (X-Deprecated: $Header); met by $($Cmdlet.MyInvocation.MyCommand.Name). Set-DefaultConfiguration -ApiVersion chooses another version."
}

function script:Write-V2024Warning {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Message)
    # -WarningAction is the runtime's; the caller's variable is not seen from a module by itself.
    $WarningPreference = $Cmdlet.SessionState.PSVariable.GetValue('WarningPreference', 'Continue')
    $Cmdlet.WriteWarning($Message)
}
