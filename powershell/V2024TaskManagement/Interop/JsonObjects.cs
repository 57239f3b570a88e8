using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace V2024;

/// <summary>Reads JSON as PowerShell's objects. A page's time goes into this.</summary>
public static class JsonObjects
{
    const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization;
    const string Task = "V2024.TaskStatus";
    const string Date = "datetime";

    // For each type name, the members that are more than plain values: a type name of their own, or a date.
    static readonly Dictionary<string, Dictionary<string, string>> Kinds = new()
    {
        [Task] = new()
        {
            ["created"] = Date, ["modified"] = Date, ["launched"] = Date, ["completed"] = Date,
            ["target"] = "V2024.Target", ["messages"] = "V2024.TaskStatusMessage",
        },
        ["V2024.Target"] = new(),
        ["V2024.TaskStatusMessage"] = new(),
        ["V2024.JsonPatchOperation"] = new(),
    };

    static readonly string[] DateFormats = { "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz" };

    // The members of the task that was read last.
    static Name[] taskNames = Array.Empty<Name>();

    /// <summary>Reads a JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="kind">The type name that an object gets, or each object of an array; null for none.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="ArgumentException">It has half of a surrogate pair.</exception>
    public static object? Read(string json, string? kind)
    {
        byte[] text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(json);
        JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonCursor.MaximumDepth }).Dispose();
        JsonCursor cursor = new(text);
        return Read(ref cursor, kind);
    }

    /// <summary>Reads the value at a cursor. An array hands its kind to its elements.</summary>
    [MethodImpl(Fast)]
    internal static object? Read(ref JsonCursor cursor, string? kind) => cursor.Peek() switch
    {
        (byte)'{' => ReadObject(ref cursor, kind),
        (byte)'[' => ReadArray(ref cursor, kind),
        (byte)'"' => ReadText(ref cursor, kind),
        _ => cursor.TakeWord(),
    };

    [MethodImpl(Fast)]
    static object ReadObject(ref JsonCursor cursor, string? kind)
    {
        JsonCursor start = cursor;
        cursor.Enter();
        PSObject result = new(18);
        PSMemberInfoCollection<PSPropertyInfo> properties = result.Properties;
        Dictionary<string, string>? kinds = null;
        if (kind != null && Kinds.TryGetValue(kind, out kinds)) result.TypeNames.Insert(0, kind);
        Names names = new(kind == Task ? taskNames : Array.Empty<Name>());
        while (!cursor.Leave('}'))
        {
            string? name = names.Take(ref cursor);
            if (name == null)
            {
                cursor = start;
                return ReadTable(ref cursor);
            }
            string? memberKind = null;
            kinds?.TryGetValue(name, out memberKind);
            properties.Add(
                kind == Task && cursor.Peek() is (byte)'{' or (byte)'['
                    ? new LazyProperty(name, new LazyProperty.Unread(cursor.TakeJson().ToArray(), memberKind))
                    : new PSNoteProperty(name, Read(ref cursor, memberKind)),
                preValidated: true);
        }
        if (kind == Task && names.Found is { } found) taskNames = found;
        return result;
    }

    // Where names are empty or differ in case only, which an object's cannot.
    static OrderedDictionary ReadTable(ref JsonCursor cursor)
    {
        OrderedDictionary table = new(StringComparer.Ordinal);
        cursor.Enter();
        while (!cursor.Leave('}'))
        {
            string name = cursor.TakeText();
            table[name] = Read(ref cursor, null);
        }
        return table;
    }

    [MethodImpl(Fast)]
    static object ReadArray(ref JsonCursor cursor, string? kind)
    {
        List<object?> list = new();
        cursor.Enter();
        while (!cursor.Leave(']')) list.Add(Read(ref cursor, kind));
        if (kind == null || !Kinds.ContainsKey(kind)) return list.ToArray();
        // An array that is text as Types.ps1xml says. Type names stay with the array itself, and .NET has one empty array
        // for all: that one must not have any. And PowerShell passes over a ToString in script that gives no text: no
        // messages would be System.Object[] in a CSV file.
        if (list.Count == 0) return kind == "V2024.TaskStatusMessage" ? EmptyList.Instance : list.ToArray();
        PSObject typed = new(list.ToArray());
        typed.TypeNames.Insert(0, "V2024.List");
        return typed;
    }

    // A date is an instant that [datetime] holds without loss; every other text stays the text it is.
    [MethodImpl(Fast)]
    static object ReadText(ref JsonCursor cursor, string? kind)
    {
        string text = cursor.TakeText();
        return kind == Date
            && DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime date)
            ? date : text;
    }

    // A name, and how it stands in JSON.
    readonly record struct Name(string Text, byte[] Quoted);

    // The names of an object in turn, as long as each is one that an object can have beside the others. Those of another
    // object, in its order, are known to be: most often they are this one's, and need not be read and compared.
    ref struct Names
    {
        readonly Name[] known;
        ulong present;
        int next;
        List<Name>? taken;
        HashSet<string>? seen;

        internal Names(Name[] known) => this.known = known.Length <= 64 ? known : Array.Empty<Name>();

        // All of them, where some were not known.
        internal readonly Name[]? Found => taken?.ToArray();

        // The next one; null where it is empty, or was there in the same or another case.
        [MethodImpl(Fast)]
        internal string? Take(ref JsonCursor cursor)
        {
            if (taken == null)
            {
                for (int index = next; index < known.Length; index++)
                {
                    if (!cursor.Take(known[index].Quoted)) continue;
                    next = index + 1;
                    present |= 1UL << index;
                    return known[index].Text;
                }
                taken = new List<Name>();
                seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
                for (int index = 0; index < next; index++)
                {
                    if ((present >> index & 1) == 0) continue;
                    taken.Add(known[index]);
                    seen.Add(known[index].Text);
                }
            }
            byte[] quoted = cursor.TakeJson().ToArray();
            string name = new JsonCursor(quoted).TakeText();
            if (name.Length == 0 || !seen!.Add(name)) return null;
            taken.Add(new Name(name, quoted));
            return name;
        }
    }
}
