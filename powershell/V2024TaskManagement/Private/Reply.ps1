# What replies become, for the fast reader (Interop/ReplyReader.ps1) and the one in script below.

# An array that is text as Types.ps1xml says, inside another one, since PowerShell unrolls what a function gives. Type
# names stay with the array itself, and .NET has one empty array for all: that one must not have any, so that an empty
# list is another type.
function script:New-V2024List {
    param([object[]] $Items)
    $typed = [psobject]::new($Items)
    $typed.psobject.TypeNames.Insert(0, 'V2024.List')
    return , $typed
}
# The reply at a pointer the library gave. The caller frees it.
function script:Read-V2024Reply {
    param([IntPtr] $Json)
    $reply = $script:ReplyReader::Read($Json, 'V2024.Reply')
    if ($null -ne $reply) { return $reply }
    return ConvertFrom-V2024Json -Json ([Runtime.InteropServices.Marshal]::PtrToStringUTF8($Json)) -Kind 'V2024.Reply'
}

# JSON text as objects, in script: for texts users give, and for the odd reply the fast reader leaves.
function script:ConvertFrom-V2024Json {
    param([string] $Json, [string] $Kind)
    $document = [Text.Json.JsonDocument]::Parse($Json, [Text.Json.JsonDocumentOptions]@{ MaxDepth = $script:ReplyReader::MaximumDepth })
    try { return , (ConvertFrom-V2024JsonElement -Element $document.RootElement -Kind $Kind) }
    finally { $document.Dispose() }
}

function script:ConvertFrom-V2024JsonElement {
    param([Text.Json.JsonElement] $Element, [string] $Kind)
    switch ($Element.ValueKind) {
        'Object' { return , (ConvertFrom-V2024JsonObject -Element $Element -Kind $Kind) }
        'Array' {
            $list = [Collections.Generic.List[object]]::new()
            foreach ($item in $Element.EnumerateArray()) { $list.Add((ConvertFrom-V2024JsonElement -Element $item -Kind $Kind)) }
            if (-not $Kind -or -not $script:ReplyReader::Kinds.ContainsKey($Kind)) { return , $list.ToArray() }
            if ($list.Count -gt 0) { return New-V2024List -Items $list.ToArray() }
            return , ($Kind -eq 'V2024.TaskStatusMessage' ? $script:ReplyReader::EmptyList : $list.ToArray())
        }
        'String' {
            $raw = $Element.GetRawText()
            # GetString refuses half a surrogate pair.
            $text = if ($raw -match '\\u[dD][89a-fA-F]') { [regex]::Unescape($raw.Substring(1, $raw.Length - 2)) } else { $Element.GetString() }
            $date = [datetime]::MinValue
            if ($Kind -eq 'datetime' -and [datetime]::TryParseExact($text, $script:ReplyReader::DateFormats, [cultureinfo]::InvariantCulture, $script:ReplyReader::DateStyles, [ref] $date)) { return $date }
            return $text
        }
        'Number' {
            $integer = 0L
            if ($Element.TryGetInt64([ref] $integer)) { return $integer }
            $raw = $Element.GetRawText()
            if ($raw -notmatch '[.eE]') { return [bigint]::Parse($raw, [cultureinfo]::InvariantCulture) }
            return $Element.GetDouble()
        }
        'True' { return $true }
        'False' { return $false }
    }
    return $null
}

function script:ConvertFrom-V2024JsonObject {
    param([Text.Json.JsonElement] $Element, [string] $Kind)
    $kinds = $null
    if ($Kind) { $null = $script:ReplyReader::Kinds.TryGetValue($Kind, [ref] $kinds) }
    $seen = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($member in $Element.EnumerateObject()) {
        if (-not $member.Name -or -not $seen.Add($member.Name)) {
            $table = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal)
            foreach ($entry in $Element.EnumerateObject()) { $table[$entry.Name] = ConvertFrom-V2024JsonElement -Element $entry.Value }
            return , $table
        }
    }
    $object = [psobject]::new()
    if ($null -ne $kinds) { $object.psobject.TypeNames.Insert(0, $Kind) }
    foreach ($member in $Element.EnumerateObject()) {
        $memberKind = $null
        if ($null -ne $kinds) { $null = $kinds.TryGetValue($member.Name, [ref] $memberKind) }
        $value = ConvertFrom-V2024JsonElement -Element $member.Value -Kind $memberKind
        # PowerShell would take the type name off an array that it hands to a constructor; what is in an array it leaves.
        $object.psobject.Properties.Add([Activator]::CreateInstance([Management.Automation.PSNoteProperty], [object[]] @($member.Name, $value)))
    }
    return $object
}

# For the ConvertFrom cmdlets: an object, or each one of an array.
function script:ConvertFrom-V2024GivenJson {
    param([Management.Automation.PSCmdlet] $Cmdlet, [string] $Json, [string] $Kind, [string[]] $Required = @())
    try {
        $objects = ConvertFrom-V2024Json -Json $Json -Kind $Kind
        foreach ($object in $objects ?? , $null) {
            $names = if ($object -is [Collections.IDictionary]) { $object.Keys } elseif ($object -is [psobject]) { $object.psobject.Properties.Name }
            else { throw [ArgumentException]::new("an object is expected") }
            foreach ($name in $Required) {
                if ($names -notcontains $name) { throw [ArgumentException]::new("the required property '$name' is missing") }
            }
        }
    }
    catch {
        Write-V2024InvalidArgument -Cmdlet $Cmdlet -Message "the JSON text is no $Kind`: $($_.Exception.GetBaseException().Message)"
        return
    }
    $objects
}
