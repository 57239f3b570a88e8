using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Text.Json;

namespace V2024;

/// <summary>Turns patch operations in any accepted form into the JSON array that is sent.</summary>
static class JsonPatch
{
    // The order and case of RFC 6902. Hashtables have no order, and their keys often have capitals.
    static readonly string[] Names = { "op", "path", "from", "value" };

    const string TypeName = "V2024.JsonPatchOperation";

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
            Exception cause = exception.GetBaseException();
            string what = cause is JsonException { LineNumber: { } line, BytePositionInLine: { } place }
                ? $"is not valid JSON: line {line + 1}, column {place + 1}" : $"cannot be sent: {cause.Message}";
            throw new ArgumentException($"the patch {what}", exception);
        }
    }

    /// <summary>A short description for -WhatIf and -Confirm: replace /completionStatus, remove /messages.</summary>
    /// <param name="given">The operations, which can be sent.</param>
    /// <returns>The description.</returns>
    internal static string Describe(IEnumerable given)
    {
        List<string> parts = new();
        foreach (object operation in Operations(given))
        {
            parts.Add(operation is JsonElement json
                ? $"{Member(json, "op")} {Member(json, "path")}"
                : $"{((IDictionary)operation)["op"]} {((IDictionary)operation)["path"]}");
        }
        return string.Join(", ", parts);
    }

    static string? Member(JsonElement json, string name)
    {
        return json.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
    }

    static List<object> Operations(IEnumerable given)
    {
        List<object> operations = new();
        List<string> texts = new();
        foreach (object? operation in given) Add(operations, texts, operation, 0);
        AddTexts(operations, texts);
        return operations;
    }

    static void Add(List<object> operations, List<string> texts, object? operation, int depth)
    {
        JsonText.CheckDepth(depth);
        if (operation is PSObject given)
        {
            // PowerShell binds the whole object from the pipeline; the operations are in its property
            // JsonPatchOperation.
            if (given.BaseObject is not string && given.Properties["JsonPatchOperation"] is { } inside)
            {
                IEnumerable items = LanguagePrimitives.GetEnumerable(inside.Value) ?? new[] { inside.Value };
                foreach (object? item in items) Add(operations, texts, item, depth + 1);
                return;
            }
            if (given.BaseObject is not PSCustomObject) operation = given.BaseObject;
        }
        if (operation is string text)
        {
            texts.Add(text);
            return;
        }
        AddTexts(operations, texts);
        operations.Add(Ordered(operation));
    }

    // Texts that follow each other may be the lines of one.
    static void AddTexts(List<object> operations, List<string> texts)
    {
        foreach (string text in GivenText.Whole(texts))
        {
            JsonElement root = JsonDocument.Parse(text).RootElement;
            if (root.ValueKind != JsonValueKind.Array) operations.Add(root);
            else foreach (JsonElement element in root.EnumerateArray()) operations.Add(element);
        }
        texts.Clear();
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
        foreach (string name in IsRow(operation) ? Members(given["op"]) : Names)
        {
            if (given.Contains(name)) ordered[name] = given[name];
            given.Remove(name);
        }
        if (IsRow(operation)) return ordered;
        foreach (DictionaryEntry entry in given) ordered[entry.Key] = entry.Value;
        return ordered;
    }

    // An object of any kind, such as a row of a CSV file: it may have columns that are no part of the operation.
    static bool IsRow(object? operation)
    {
        return operation is PSObject row
            && !row.TypeNames.Any(name => name.EndsWith(TypeName, StringComparison.Ordinal));
    }

    // The members of a row that belong to an operation. A CSV file has all columns in all rows.
    static string[] Members(object? op) => $"{op}" switch
    {
        "add" or "replace" or "test" => new[] { "op", "path", "value" },
        "remove" => new[] { "op", "path" },
        _ => new[] { "op", "path", "from" },
    };
}
