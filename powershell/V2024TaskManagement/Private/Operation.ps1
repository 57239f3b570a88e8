# One operation, from a cmdlet's parameters to objects in the pipeline.

$script:Members = @{
    Ids = 'ids'; TimeoutSeconds = 'timeout_seconds'; PollingIntervalSeconds = 'polling_interval_seconds'
    Id = 'id'; Limit = 'limit'; Offset = 'offset'; Count = 'count'; Filters = 'filters'; Sorters = 'sorters'
}
# What UTF-8 cannot hold. Looked for, not tried: an exception would be caught, and still stand in the caller's $Error.
$script:HalfPair = '[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]'

function script:Invoke-V2024Operation {
    param(
        [Management.Automation.PSCmdlet] $Cmdlet,
        [string] $Operation,
        [Collections.IDictionary] $Bound,
        [string] $JsonPatch,
        # What is left out: see Range.ps1.
        [AllowNull()] [hashtable] $Range
    )
    $request = New-V2024Request -Cmdlet $Cmdlet -Operation $Operation -Bound $Bound -JsonPatch $JsonPatch
    $all, $withHttpInfo = [bool] $Bound['All'], [bool] $Bound['WithHttpInfo']
    $call = $progress = $null
    try {
        $call = Start-V2024Call -Cmdlet $Cmdlet -Request $request -TargetObject $Bound['Id'] -Raw ([bool] $Bound['Raw'])
        if ($all -and $call) { $progress = New-V2024ListProgress -Cmdlet $Cmdlet -Operation $Operation -Bound $Bound }
        while ($call -and ($reply = Receive-V2024Message -Call $call)) {
            if ($reply.Failure) { Write-V2024Failure -Cmdlet $Cmdlet -Record $reply.Failure }
            else {
                if ($progress) { Update-V2024ListProgress -Progress $progress -Body ($reply.Message.psobject.Properties['body']?.Value) }
                if ($Range) { Limit-V2024Range -Cmdlet $Cmdlet -Range $Range -Reply $reply.Message }
                $result = $reply.Raw ? $reply.Raw : $reply.Message.psobject.Properties['body']?.Value
                # Plain output, a list item by item: from WriteObject, a script's call of a method, an exception of the caller's own
                # further down the pipeline would come back as a MethodInvocationException.
                if ($withHttpInfo -or $Operation -eq 'get_pending_task_headers') { Format-V2024Response -Message $reply.Message -Result $result -WithHttpInfo $withHttpInfo }
                elseif ($null -ne $result) { $result }
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
function script:Read-V2024Object {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound)
    $call = $null
    try {
        $call = Start-V2024Call -Cmdlet $Cmdlet -Request (New-V2024Request -Cmdlet $Cmdlet -Operation $Operation -Bound $Bound) -TargetObject $Bound['Id']
        if (-not $call) { return }
        $reply = Receive-V2024Message -Call $call
        if ($reply.Failure) { Write-V2024Failure -Cmdlet $Cmdlet -Record $reply.Failure; return }
        return $reply.Message.body
    }
    finally { Stop-V2024Call -Call $call }
}

# What was given is sent, 0 and $false too; what was not given, or is $null, is not. Start-V2024Call closes the object.
# Nothing when a text cannot be sent: the error was written.
function script:New-V2024Request {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Operation, [Collections.IDictionary] $Bound, [string] $JsonPatch)
    $request = [Text.StringBuilder]::new('{"operation":"').Append($Operation).Append('"')
    foreach ($entry in $Bound.GetEnumerator()) {
        $member = $script:Members[$entry.Key]
        $value = $entry.Value
        if ($null -eq $member -or $null -eq $value) { continue }
        if (@($value) -match $script:HalfPair) {
            Write-V2024InvalidArgument -Cmdlet $Cmdlet -Message "$member cannot be sent: it has half of a surrogate pair, which is no character" -TargetObject $value
            return
        }
        $text = if ($value -is [string]) { "`"$([Text.Json.JsonEncodedText]::Encode($value))`"" }
        elseif ($value -is [Collections.IList]) { ConvertTo-V2024Json -Value $value }
        elseif ($value -is [bool]) { "$value".ToLowerInvariant() }
        else { "$value" }
        $null = $request.Append(',"').Append($member).Append('":').Append($text)
    }
    if ($JsonPatch) { $null = $request.Append(',"json_patch":').Append($JsonPatch) }
    if ($Bound['All']) { $null = $request.Append(',"all":true') }
    if ($Bound['XSailPointExperimental'] -eq 'true') { $null = $request.Append(',"experimental":true') }
    return $request
}

# An answer with its status and headers.
function script:Format-V2024Response {
    param($Message, [AllowNull()] $Result, [bool] $WithHttpInfo)
    $headers = ConvertTo-V2024HeaderTable -Headers $Message.headers
    if ($WithHttpInfo) { return @{ Response = $Result; StatusCode = [int] $Message.status; Headers = $headers } }
    $total = if ($headers.ContainsKey('X-Total-Count')) { [int] $headers['X-Total-Count'][0] }
    return [pscustomobject]@{ PSTypeName = 'V2024.PendingTaskHeaders'; TotalCount = $total; StatusCode = [int] $Message.status; Headers = $headers }
}

# Header names in any case, each with an array of texts.
function script:ConvertTo-V2024HeaderTable {
    param($Headers)
    $table = [Collections.Generic.Dictionary[string, Collections.Generic.IEnumerable[string]]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($header in $Headers.psobject.Properties) { $table[$header.Name] = [string[]] $header.Value }
    return , $table
}
