# Objects to JSON text. Not ConvertTo-Json: a date must become the same instant in UTC in every culture and time zone,
# an enumeration its name, and text that is JSON already stay as it is.

function script:ConvertTo-V2024Json {
    param([AllowNull()] $Value)
    $stream = [IO.MemoryStream]::new()
    $writer = [Text.Json.Utf8JsonWriter]::new($stream, [Text.Json.JsonWriterOptions]@{ Encoder = [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping })
    Write-V2024JsonValue -Writer $writer -Value $Value -Depth 0
    $writer.Dispose()
    return [Text.Encoding]::UTF8.GetString($stream.ToArray())
}

function script:Write-V2024JsonValue {
    param([Text.Json.Utf8JsonWriter] $Writer, [AllowNull()] $Value, [int] $Depth)
    # The library refuses what is deeper; an object that holds itself must end somewhere.
    if ($Depth -gt 100) { throw [ArgumentException]::new('a value is nested more than 100 deep') }
    if ($Value -is [psobject] -and $Value.psobject.BaseObject -isnot [Management.Automation.PSCustomObject]) { $Value = $Value.psobject.BaseObject }

    if ($null -eq $Value -or $Value -is [DBNull]) { $Writer.WriteNullValue() }
    elseif ($Value -is [string] -or $Value -is [char]) { $Writer.WriteStringValue([string] $Value) }
    elseif ($Value -is [bool] -or $Value -is [switch]) { $Writer.WriteBooleanValue([bool] $Value) }
    elseif ($Value -is [enum]) { $Writer.WriteStringValue("$Value") }
    elseif ($Value -is [datetime]) { $Writer.WriteStringValue((Format-V2024Date -Date $Value)) }
    elseif ($Value -is [DateTimeOffset]) { $Writer.WriteStringValue((Format-V2024Date -Date $Value.UtcDateTime)) }
    elseif ($Value -is [double] -or $Value -is [float]) {
        if (-not [double]::IsFinite($Value)) { throw [ArgumentException]::new("$Value is not a number that JSON can hold") }
        $Writer.WriteRawValue($Value.ToString('R', [cultureinfo]::InvariantCulture))
    }
    elseif ($Value -is [decimal] -or $Value -is [bigint] -or ($Value -is [ValueType] -and $Value.GetType().IsPrimitive)) {
        $Writer.WriteRawValue($Value.ToString([cultureinfo]::InvariantCulture))
    }
    elseif ($Value -is [Text.Json.JsonElement]) { $Value.WriteTo($Writer) }
    elseif ($Value -is [Collections.IDictionary]) {
        $Writer.WriteStartObject()
        foreach ($entry in $Value.GetEnumerator()) {
            $Writer.WritePropertyName("$($entry.Key)")
            Write-V2024JsonValue -Writer $Writer -Value $entry.Value -Depth ($Depth + 1)
        }
        $Writer.WriteEndObject()
    }
    elseif ($Value -is [Collections.IEnumerable]) {
        $Writer.WriteStartArray()
        foreach ($item in $Value) { Write-V2024JsonValue -Writer $Writer -Value $item -Depth ($Depth + 1) }
        $Writer.WriteEndArray()
    }
    elseif ($Value -is [psobject]) {
        $Writer.WriteStartObject()
        foreach ($property in $Value.psobject.Properties) {
            $Writer.WritePropertyName($property.Name)
            Write-V2024JsonValue -Writer $Writer -Value $property.Value -Depth ($Depth + 1)
        }
        $Writer.WriteEndObject()
    }
    # A guid, a version, a Uri, a time span and the like.
    else { $Writer.WriteStringValue([string]::Format([cultureinfo]::InvariantCulture, '{0}', $Value)) }
}

function script:Format-V2024Date {
    param([datetime] $Date)
    return $Date.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", [cultureinfo]::InvariantCulture)
}
