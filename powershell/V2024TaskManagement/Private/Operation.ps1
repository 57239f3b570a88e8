# One operation, from a cmdlet's parameters to objects in the pipeline.

$script:Members = @{ Id = 'id'; Limit = 'limit'; Offset = 'offset'; Count = 'count'; Filters = 'filters'; Sorters = 'sorters' }

function Invoke-V2024Operation {
    param(
        [Management.Automation.PSCmdlet] $Cmdlet,
        [string] $Operation,
        [Collections.IDictionary] $Bound,
        [string] $JsonPatch,
        # What Write-V2024Result leaves out: see Range.ps1.
        [AllowNull()] [hashtable] $Range
    )
    $request = New-V2024Request -Operation $Operation -Bound $Bound -JsonPatch $JsonPatch
    $all = [bool] $Bound['All']
    $call = $progress = $null
    try {
        $call = Start-V2024Call -Cmdlet $Cmdlet -Request $request -TargetObject $Bound['Id'] -Raw ([bool] $Bound['Raw'])
        if ($all -and $call) { $progress = New-V2024ListProgress -Cmdlet $Cmdlet -Operation $Operation -Bound $Bound }
        while ($call -and ($reply = Receive-V2024Message -Call $call)) {
            if ($reply.Failure) { Write-V2024Failure -Cmdlet $Cmdlet -Record $reply.Failure }
            else {
                if ($progress) { Update-V2024ListProgress -Progress $progress -Body ($reply.Message.psobject.Properties['body']?.Value) }
                if ($Range) { Limit-V2024Range -Cmdlet $Cmdlet -Range $Range -Reply $reply.Message }
                Write-V2024Result -Cmdlet $Cmdlet -Operation $Operation -Reply $reply -WithHttpInfo ([bool] $Bound['WithHttpInfo'])
            }
            if (-not $all -or ($Range -and $Range.Over)) { break }
        }
    }
    finally {
        Stop-V2024Call -Call $call
        if ($progress) { Stop-V2024ListProgress -Progress $progress }
    }
}

# The one object that an operation gives, for the module itself; nothing after an error.
function Read-V2024Object {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $call = $null
    try {
        $call = Start-V2024Call -Cmdlet $Cmdlet -Request (New-V2024Request -Operation $Operation -Bound $Bound) -TargetObject $Bound['Id']
        if (-not $call) { return }
        $reply = Receive-V2024Message -Call $call
        if ($reply.Failure) { Write-V2024Failure -Cmdlet $Cmdlet -Record $reply.Failure; return }
        return $reply.Message.body
    }
    finally { Stop-V2024Call -Call $call }
}

# What was given is sent, 0 and $false too; what was not given, or is $null, is not. Start-V2024Call closes the object.
function New-V2024Request {
    param([string] $Operation, [Collections.IDictionary] $Bound, [string] $JsonPatch)
    $request = [Text.StringBuilder]::new('{"operation":"').Append($Operation).Append('"')
    foreach ($entry in $Bound.GetEnumerator()) {
        $member = $script:Members[$entry.Key]
        $value = $entry.Value
        if ($null -eq $member -or $null -eq $value) { continue }
        $text = if ($value -is [string]) { "`"$([Text.Json.JsonEncodedText]::Encode($value))`"" } elseif ($value -is [bool]) { "$value".ToLowerInvariant() } else { "$value" }
        $null = $request.Append(',"').Append($member).Append('":').Append($text)
    }
    if ($JsonPatch) { $null = $request.Append(',"json_patch":').Append($JsonPatch) }
    if ($Bound['All']) { $null = $request.Append(',"all":true') }
    if ($Bound['XSailPointExperimental'] -eq 'true') { $null = $request.Append(',"experimental":true') }
    return $request
}

function Write-V2024Result {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [hashtable] $Reply, [bool] $WithHttpInfo)
    $message = $Reply.Message
    $result = $null
    if ($Reply.Raw) { $result = $Reply.Raw }
    elseif ($message.psobject.Properties['body']) { $result = $message.body }
    if ($WithHttpInfo) {
        $Cmdlet.WriteObject(@{ Response = $result; StatusCode = [int] $message.status; Headers = ConvertTo-V2024HeaderTable -Headers $message.headers })
    }
    elseif ($Operation -eq 'get_pending_task_headers') {
        $headers = ConvertTo-V2024HeaderTable -Headers $message.headers
        $total = if ($headers.ContainsKey('X-Total-Count')) { [int] $headers['X-Total-Count'][0] }
        $Cmdlet.WriteObject([pscustomobject]@{ PSTypeName = 'V2024.PendingTaskHeaders'; TotalCount = $total; StatusCode = [int] $message.status; Headers = $headers })
    }
    elseif ($null -ne $result) { $Cmdlet.WriteObject($result, $true) }
}

# Header names in any case, each with an array of texts.
function ConvertTo-V2024HeaderTable {
    param($Headers)
    $table = [Collections.Generic.Dictionary[string, Collections.Generic.IEnumerable[string]]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($header in $Headers.psobject.Properties) { $table[$header.Name] = [string[]] $header.Value }
    return , $table
}
