using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;

namespace V2024;

/// <summary>Patch operations, as people give them, as the JSON array that is sent.</summary>
public static class JsonPatch
{
    // As RFC 6902 writes them: a hashtable has no order, and often capitals.
    static readonly string[] Names = { "op", "path", "from", "value" };

    /// <summary>
    /// One thing that was given is one operation, several for a JSON array. Whether op and path are right is checked by the
    /// library, for every face.
    /// </summary>
    /// <exception cref="ArgumentException">A text is no JSON, or JSON cannot hold a value.</exception>
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

    /// <summary>What a patch does, for whoever is asked: replace /completionStatus, remove /messages.</summary>
    /// <param name="given">The operations.</param>
    /// <returns>The words; those of a patch that cannot be sent, too, which its error tells of later.</returns>
    public static string Describe(IEnumerable given)
    {
        try
        {
            List<string> words = new();
            foreach (object operation in Operations(given))
            {
                words.Add(operation is IDictionary members ? $"{members["op"]} {members["path"]}"
                    : operation is JsonElement { ValueKind: JsonValueKind.Object } json ? $"{Member(json, "op")} {Member(json, "path")}" : $"{operation}");
            }
            return string.Join(", ", words);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return "an invalid patch";
        }
    }

    static string? Member(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;

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
            // An object from the pipeline is bound whole; what it calls JsonPatchOperation are the operations.
            if (given.BaseObject is not string && given.Properties["JsonPatchOperation"] is { } inside)
            {
                foreach (object? item in LanguagePrimitives.GetEnumerable(inside.Value) ?? new[] { inside.Value }) Add(operations, item, depth + 1);
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
            foreach (DictionaryEntry entry in table) given[LanguagePrimitives.ConvertTo<string>(entry.Key)] = entry.Value;
        }
        else if (operation != null)
        {
            foreach (PSPropertyInfo property in PSObject.AsPSObject(operation).Properties) given[property.Name] = property.Value;
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
