# Receiving the messages of a running call.

# Returns the next response or progress message; nothing when the call is over or the deadline has passed. All other
# messages, about requests and retries, go to the verbose stream. Notes about the settings of a new client are written.
function script:Receive-V2024Response {
    param($Call, [Management.Automation.PSCmdlet] $Cmdlet, [datetime] $Deadline = [datetime]::MaxValue)
    $VerbosePreference = $Call.Verbose
    while ($response = $Call.Next($Deadline)) {
        if ($response.Members['notes']) { Write-V2024Note -Cmdlet $Cmdlet -Notes $response.Members['notes'] }
        if ($response.Kind -eq 'notes') { continue }
        if ($response.Kind -eq 'response') {
            if ($response.Deprecation) { Write-V2024Deprecation -Cmdlet $Cmdlet -Header $response.Deprecation }
            return $response
        }
        if ($response.Kind -eq 'progress') { return $response }
        $Cmdlet.WriteVerbose((Format-V2024Event -Response $response))
    }
}

# What was skipped or decided when the settings were read: a warning if it is about safety.
function script:Write-V2024Note {
    param([Management.Automation.PSCmdlet] $Cmdlet, [object[]] $Notes)
    foreach ($note in $Notes) {
        if ($note.warning) { Write-V2024Warning -Cmdlet $Cmdlet -Message $note.message }
        else { $Cmdlet.WriteVerbose($note.message) }
    }
}

function script:Format-V2024Event {
    param($Response)
    $members = $Response.Members
    if ($Response.Kind -eq 'retry') {
        return "$($members['reason']): retrying in $($members['delay_ms']) ms (attempt $($members['attempt']))"
    }
    $request = "$($members['method']) $($members['url'])"
    if ($members['error']) { return "$request failed after $($members['duration_ms']) ms: $($members['error'])" }
    $tracking = if ($members['trackingId']) { ", tracking id $($members['trackingId'])" }
    return "$request returned $($Response.Status), $($members['bytes']) bytes in $($members['duration_ms']) ms$tracking"
}

# One warning per process, also with several runspaces.
$script:DeprecationKey = 'V2024TaskManagement|Deprecation'

function script:Write-V2024Deprecation {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Header)
    if ([AppDomain]::CurrentDomain.GetData($script:DeprecationKey)) { return }
    [AppDomain]::CurrentDomain.SetData($script:DeprecationKey, $true)
    Write-V2024Warning -Cmdlet $Cmdlet -Message (
        "The tenant reports that this part of its API is deprecated (X-Deprecated: $Header, in the response to " +
        "$($Cmdlet.MyInvocation.MyCommand.Name)). To use another version: Set-DefaultConfiguration -ApiVersion.")
}

function script:Write-V2024Warning {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Message)
    # PowerShell handles -WarningAction. The caller's $WarningPreference is not visible in a module, so it is looked up.
    $WarningPreference = $Cmdlet.SessionState.PSVariable.GetValue('WarningPreference', 'Continue')
    $Cmdlet.WriteWarning($Message)
}
