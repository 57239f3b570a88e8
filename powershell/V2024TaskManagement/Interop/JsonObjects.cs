using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace V2024;

/// <summary>Reads JSON as PowerShell objects. Most of the time that a page takes is spent here.</summary>
public static class JsonObjects
{
    const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization;
    const string Task = "V2024.TaskStatus";
    const string TargetKind = "V2024.Target";
    const string Date = "datetime";

    // For each type name, the members that are dates or have a type name.
    static readonly Dictionary<string, Dictionary<string, string>> Kinds = new()
    {
        [Task] = new()
        {
            ["created"] = Date, ["modified"] = Date, ["launched"] = Date, ["completed"] = Date,
            ["target"] = TargetKind, ["messages"] = "V2024.TaskStatusMessage",
        },
        [TargetKind] = new(),
        ["V2024.TaskStatusMessage"] = new(),
        ["V2024.JsonPatchOperation"] = new(),
    };

    static readonly string[] DateFormats = { "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz" };

    // The member names of the last task that was read.
    static Name[] taskNames = Array.Empty<Name>();

    /// <summary>Reads a JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="kind">The type name for the object, or for each object of an array; null for none.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="ArgumentException">The text contains half a surrogate pair.</exception>
    public static object? Read(string json, string? kind)
    {
        byte[] text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(json);
        JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonCursor.MaximumDepth }).Dispose();
        JsonCursor cursor = new(text);
        return Read(ref cursor, kind);
    }

    /// <summary>Reads the value at a cursor. The elements of an array get the kind of the array.</summary>
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
        PSObject result = kind == TargetKind ? Target.Create() : new IndexedObject();
        PSMemberInfoCollection<PSPropertyInfo> properties = result.Properties;
        Dictionary<string, string>? kinds = null;
        if (kind != null && Kinds.TryGetValue(kind, out kinds) && kind != TargetKind) result.TypeNames.Insert(0, kind);
        Names names = new(kind == Task ? taskNames : Array.Empty<Name>());
        while (!cursor.Leave('}'))
        {
            string? name = names.Take(ref cursor);
            if (name == null)
            {
                cursor = start;
                return ReadTable(ref cursor, kind, kinds);
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

    // For objects with names that a PSObject cannot have: empty ones, and ones that differ only in case.
    static object ReadTable(ref JsonCursor cursor, string? kind, Dictionary<string, string>? kinds)
    {
        OrderedDictionary table = new(StringComparer.Ordinal);
        cursor.Enter();
        while (!cursor.Leave('}'))
        {
            string name = cursor.TakeText();
            string? memberKind = null;
            kinds?.TryGetValue(name, out memberKind);
            table[name] = Read(ref cursor, memberKind);
        }
        if (kinds == null) return table;
        PSObject typed = new(table);
        typed.TypeNames.Insert(0, kind!);
        return typed;
    }

    [MethodImpl(Fast)]
    static object ReadArray(ref JsonCursor cursor, string? kind)
    {
        List<object?> list = new();
        cursor.Enter();
        while (!cursor.Leave(']')) list.Add(Read(ref cursor, kind));
        if (kind == null || !Kinds.ContainsKey(kind)) return list.ToArray();
        // The type name gives the array its ToString (TypeMembers.cs). PowerShell attaches type names to the array
        // object, and .NET shares one empty array everywhere, so that one must stay without a type name. EmptyList
        // stands in for it because PowerShell ignores a script ToString that returns nothing: an empty list of
        // messages would be System.Object[] in a CSV file.
        if (list.Count == 0) return kind == "V2024.TaskStatusMessage" ? EmptyList.Instance : list.ToArray();
        PSObject typed = new(list.ToArray());
        typed.TypeNames.Insert(0, "V2024.List");
        return typed;
    }

    // A date becomes a [datetime] if that loses nothing. Every other text stays text.
    [MethodImpl(Fast)]
    static object ReadText(ref JsonCursor cursor, string? kind)
    {
        string text = cursor.TakeText();
        DateTimeStyles styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
        return kind == Date
            && DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, styles, out DateTime date)
            ? date : text;
    }

    // A name, as text and as it is written in JSON.
    readonly record struct Name(string Text, byte[] Quoted);

    // Takes the names of an object one after the other, as long as a PSObject can have them all. The names of the
    // object before are known to be possible. Most objects have the same names in the same order, so these need not
    // be decoded and checked for duplicates again.
    ref struct Names
    {
        readonly Name[] known;
        ulong present;
        int next;
        List<Name>? taken;
        HashSet<string>? seen;

        internal Names(Name[] known) => this.known = known.Length <= 64 ? known : Array.Empty<Name>();

        // All names, if some were not known before; otherwise null.
        internal readonly Name[]? Found => taken?.ToArray();

        // The next name; null if it is empty or repeats an earlier one, in any case.
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
