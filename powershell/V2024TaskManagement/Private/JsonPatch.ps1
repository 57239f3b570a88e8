# Patch operations, as people give them, to the JSON array that is sent.

# Whether op and path are right is checked by the library, for every face.
function script:Update-V2024Task {
    param([Management.Automation.PSCmdlet] $Cmdlet, [Collections.IDictionary] $Bound, [object[]] $JsonPatchOperation)
    try {
        $operations = foreach ($operation in $JsonPatchOperation) { ConvertTo-V2024PatchOperation -Operation $operation }
        $patch = ConvertTo-V2024Json -Value @($operations)
    }
    catch {
        Write-V2024InvalidArgument -Cmdlet $Cmdlet -Message "the patch cannot be sent: $($_.Exception.GetBaseException().Message)" -TargetObject $Bound['Id']
        return
    }
    Invoke-V2024Operation -Cmdlet $Cmdlet -Operation 'update_task_status' -Bound $Bound -JsonPatch $patch
}

# One thing that was given is one operation, several for a JSON array. Text that is JSON is sent as it was written.
function script:ConvertTo-V2024PatchOperation {
    param([AllowNull()] $Operation)
    if ($Operation -is [string]) {
        $root = [Text.Json.JsonDocument]::Parse($Operation).RootElement
        if ($root.ValueKind -eq 'Array') { return $root.EnumerateArray() }
        return $root
    }
    # An object from the pipeline is bound whole; what it calls JsonPatchOperation are the operations.
    if ($Operation -is [psobject] -and $Operation.psobject.Properties['JsonPatchOperation']) {
        foreach ($item in $Operation.JsonPatchOperation) { ConvertTo-V2024PatchOperation -Operation $item }
        return
    }
    $members = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::OrdinalIgnoreCase)
    if ($Operation -is [Collections.IDictionary]) { foreach ($entry in $Operation.GetEnumerator()) { $members["$($entry.Key)"] = $entry.Value } }
    elseif ($null -ne $Operation) { foreach ($property in $Operation.psobject.Properties) { $members[$property.Name] = $property.Value } }
    # A hashtable has no order, and often capitals: the names of RFC 6902 come first and as it writes them.
    $ordered = [ordered]@{}
    foreach ($name in 'op', 'path', 'from', 'value') { if ($members.Contains($name)) { $ordered[$name] = $members[$name]; $members.Remove($name) } }
    foreach ($entry in $members.GetEnumerator()) { $ordered[$entry.Key] = $entry.Value }
    return $ordered
}
