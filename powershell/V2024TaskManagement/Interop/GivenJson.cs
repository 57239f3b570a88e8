using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.Json;

namespace V2024;

/// <summary>One invocation of a function that reads JSON text from the user as objects.</summary>
public sealed class GivenJson : Invocation
{
    readonly string kind;
    readonly string[] required;
    readonly List<string> given = new();

    internal GivenJson(Session session, PSCmdlet outer, IDictionary bound, string kind, params string[] required)
        : base(session, outer, bound)
    {
        this.kind = kind;
        this.required = required;
    }

    /// <summary>Takes a text, or a line of one.</summary>
    /// <param name="json">The text.</param>
    public void Process(string json) => given.Add(json);

    /// <summary>Writes one object for each JSON object, and one for each element of an array.</summary>
    public void End()
    {
        foreach (string json in GivenText.Whole(given)) Write(json);
    }

    void Write(string json)
    {
        object? read;
        try
        {
            read = JsonObjects.Read(json, kind);
            if (Parameters.Plain(read) is IList list) foreach (object? item in list) Check(item);
            else Check(read);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            Refuse($"the JSON text is not a {kind}: {exception.Message}");
            return;
        }
        Outer.WriteObject(read, enumerateCollection: true);
    }

    void Check(object? value)
    {
        value = Parameters.Plain(value);
        if (value is not (IDictionary or PSObject { BaseObject: PSCustomObject }))
        {
            throw new ArgumentException("an object is expected");
        }
        foreach (string name in required)
        {
            bool isThere = value is IDictionary table
                ? table.Keys.Cast<object>().Any(key => name.Equals(key as string, StringComparison.OrdinalIgnoreCase))
                : ((PSObject)value).Properties[name] != null;
            if (!isThere) throw new ArgumentException($"the required property '{name}' is missing");
        }
    }
}
