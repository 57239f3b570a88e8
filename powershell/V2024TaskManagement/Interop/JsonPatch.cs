using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;

namespace V2024;

/// <summary>Turns patch operations in any accepted form into the JSON array that is sent.</summary>
public static class JsonPatch
{
    // The order and case of RFC 6902. Hashtables have no order, and their keys often have capitals.
    static readonly string[] Names = { "op", "path", "from", "value" };

    /// <summary>
    /// Writes the operations. Each given object is one operation; a JSON text of an array is several. The library
    /// checks op and path.
    /// </summary>
    /// <exception cref="ArgumentException">A text is not valid JSON, or JSON cannot hold a value.</exception>
    internal static void Write(Utf8JsonWriter writer, IEnumerable given)
    {
        try
        {
            JsonText.Write(writer, Operations(given), 0);
        }
        catch (Exception exception)
        {
            throw new ArgumentException($"the patch cannot be sent: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>A short description for -WhatIf and -Confirm: replace /completionStatus, remove /messages.</summary>
    /// <param name="given">The operations.</param>
    /// <returns>The description; "an invalid patch" for one that cannot be sent.</returns>
    public static string Describe(IEnumerable given)
    {
        try
        {
            List<string> parts = new();
            foreach (object operation in Operations(given))
            {
                parts.Add(operation switch
                {
                    IDictionary members => $"{members["op"]} {members["path"]}",
                    JsonElement { ValueKind: JsonValueKind.Object } json
                        => $"{Member(json, "op")} {Member(json, "path")}",
                    _ => $"{operation}",
                });
            }
            return string.Join(", ", parts);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return "an invalid patch";
        }
    }

    static string? Member(JsonElement json, string name)
    {
        return json.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
    }

    static List<object> Operations(IEnumerable given)
    {
        List<object> operations = new();
        foreach (object? operation in given) Add(operations, operation, 0);
        return operations;
    }

    static void Add(List<object> operations, object? operation, int depth)
    {
        JsonText.CheckDepth(depth);
        if (operation is PSObject given)
        {
            // PowerShell binds the whole object from the pipeline; the operations are in its property
            // JsonPatchOperation.
            if (given.BaseObject is not string && given.Properties["JsonPatchOperation"] is { } inside)
            {
                IEnumerable items = LanguagePrimitives.GetEnumerable(inside.Value) ?? new[] { inside.Value };
                foreach (object? item in items) Add(operations, item, depth + 1);
                return;
            }
            if (given.BaseObject is not PSCustomObject) operation = given.BaseObject;
        }
        if (operation is string text)
        {
            JsonElement root = JsonDocument.Parse(text).RootElement;
            if (root.ValueKind != JsonValueKind.Array) operations.Add(root);
            else foreach (JsonElement element in root.EnumerateArray()) operations.Add(element);
            return;
        }
        operations.Add(Ordered(operation));
    }

    static OrderedDictionary Ordered(object? operation)
    {
        OrderedDictionary given = new(StringComparer.OrdinalIgnoreCase);
        if (operation is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                given[LanguagePrimitives.ConvertTo<string>(entry.Key)] = entry.Value;
            }
        }
        else if (operation != null)
        {
            foreach (PSPropertyInfo property in PSObject.AsPSObject(operation).Properties)
            {
                given[property.Name] = property.Value;
            }
        }
        OrderedDictionary ordered = new();
        foreach (string name in Names)
        {
            if (!given.Contains(name)) continue;
            ordered[name] = given[name];
            given.Remove(name);
        }
        foreach (DictionaryEntry entry in given) ordered[entry.Key] = entry.Value;
        return ordered;
    }
}
