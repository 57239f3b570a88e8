# One operation, from a cmdlet's parameters to objects in the pipeline.

$script:Members = @{ Id = 'id'; Limit = 'limit'; Offset = 'offset'; Count = 'count'; Filters = 'filters'; Sorters = 'sorters' }

function Invoke-V2024Operation {
    param(
        [Management.Automation.PSCmdlet] $Cmdlet,
        [string] $Operation,
        [Collections.IDictionary] $Bound,
        [string] $JsonPatch
    )
    $target = $Bound['Id']
    $client = Get-V2024Client -Cmdlet $Cmdlet -TargetObject $target
    if ($client -eq [IntPtr]::Zero) { return }

    $VerbosePreference = Get-V2024Preference -Cmdlet $Cmdlet -Name 'Verbose'
    $events = $VerbosePreference -ne 'SilentlyContinue'
    $request = New-V2024Request -Operation $Operation -Bound $Bound -JsonPatch $JsonPatch -Events $events
    $library = Get-V2024Library
    $state = 0
    $call = $library::v2024_call_start($client, [Text.Encoding]::UTF8.GetBytes("$request`0"))
    try {
        while ($true) {
            # In slices, because Ctrl+C is not seen inside a native call.
            $json = $library::v2024_call_next($call, 50, [ref] $state)
            if ($json -eq [IntPtr]::Zero) {
                if ($state -eq 0) { return }
                continue
            }
            $failed = $null
            try {
                $message = Read-V2024Reply -Json $json
                if ($message.psobject.Properties['error'] -and $message.kind -eq 'response') {
                    $failed = New-V2024ErrorRecord -Reply $message -TargetObject $target -Body (Get-V2024Body -Json $json)
                }
            }
            finally { $library::v2024_string_free($json) }
            if ($null -ne $failed) { Write-V2024Failure -Cmdlet $Cmdlet -Record $failed }
            elseif ($message.kind -eq 'response') { Write-V2024Result -Cmdlet $Cmdlet -Operation $Operation -Reply $message -WithHttpInfo ([bool] $Bound['WithHttpInfo']) }
            else { $Cmdlet.WriteVerbose((Format-V2024Event -Message $message)) }
        }
    }
    # Frees and, where the pipeline was stopped, cancels.
    finally { $library::v2024_call_free($call) }
}

# What was given is sent, 0 and $false too; what was not given, or is $null, is not.
function New-V2024Request {
    param([string] $Operation, [Collections.IDictionary] $Bound, [string] $JsonPatch, [bool] $Events)
    $request = [Text.StringBuilder]::new('{"operation":"').Append($Operation).Append('"')
    foreach ($entry in $Bound.GetEnumerator()) {
        $member = $script:Members[$entry.Key]
        $value = $entry.Value
        if ($null -eq $member -or $null -eq $value) { continue }
        $text = if ($value -is [string]) { "`"$([Text.Json.JsonEncodedText]::Encode($value))`"" } elseif ($value -is [bool]) { "$value".ToLowerInvariant() } else { "$value" }
        $null = $request.Append(',"').Append($member).Append('":').Append($text)
    }
    if ($JsonPatch) { $null = $request.Append(',"json_patch":').Append($JsonPatch) }
    if ($Bound['XSailPointExperimental'] -eq 'true') { $null = $request.Append(',"experimental":true') }
    if ($Events) { $null = $request.Append(',"events":true') }
    return $request.Append('}').ToString()
}

function Write-V2024Result {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, $Reply, [bool] $WithHttpInfo)
    $body = $null
    if ($Reply.psobject.Properties['body']) { $body = $Reply.body }
    if ($WithHttpInfo) {
        $Cmdlet.WriteObject(@{ Response = $body; StatusCode = [int] $Reply.status; Headers = ConvertTo-V2024HeaderTable -Headers $Reply.headers })
    }
    elseif ($Operation -eq 'get_pending_task_headers') {
        $headers = ConvertTo-V2024HeaderTable -Headers $Reply.headers
        $total = if ($headers.ContainsKey('X-Total-Count')) { [int] $headers['X-Total-Count'][0] }
        $Cmdlet.WriteObject([pscustomobject]@{ PSTypeName = 'V2024.PendingTaskHeaders'; TotalCount = $total; StatusCode = [int] $Reply.status; Headers = $headers })
    }
    elseif ($null -ne $body) { $Cmdlet.WriteObject($body, $true) }
}

# Header names in any case, each with an array of texts.
function ConvertTo-V2024HeaderTable {
    param($Headers)
    $table = [Collections.Generic.Dictionary[string, Collections.Generic.IEnumerable[string]]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($header in $Headers.psobject.Properties) { $table[$header.Name] = [string[]] $header.Value }
    return , $table
}

function Format-V2024Event {
    param($Message)
    if ($Message.kind -eq 'retry') { return "$($Message.reason): waits $($Message.delay_ms) ms before try $($Message.attempt)" }
    $request = "$($Message.method) $($Message.url)"
    if ($Message.psobject.Properties['error']) { return "$request failed after $($Message.duration_ms) ms: $($Message.error)" }
    $tracking = if ($Message.trackingId) { ", tracking id $($Message.trackingId)" }
    return "$request answered $($Message.status), $($Message.bytes) bytes in $($Message.duration_ms) ms$tracking"
}
