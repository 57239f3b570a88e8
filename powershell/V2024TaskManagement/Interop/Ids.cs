using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;

namespace V2024;

/// <summary>Reads the value of -Id or -SourceId: an id, or an object that has one, such as a task.</summary>
static class Ids
{
    /// <summary>The id that a parameter was given.</summary>
    /// <exception cref="Request.UnsendableException">The value is not an id and has none.</exception>
    internal static string Read(object? given, string parameter = "Id")
    {
        object? value = Parameters.Plain(given);
        object? id = Member(value, "id");
        return Text(id ?? value) ?? throw new Request.UnsendableException(
            value switch
            {
                double or float or decimal
                    => $"-{parameter} was given a number instead of an id: put the id in quotes",
                IList { Count: > 1 } => $"-{parameter} was given several values, and takes one: pipe them instead",
                _ => $"-{parameter} was given an object without an id: pass an id, or an object with one",
            }, given!);
    }

    /// <summary>The ids of one value or several.</summary>
    /// <exception cref="Request.UnsendableException">One of them is not an id and has none.</exception>
    internal static IEnumerable<string> ReadAll(object? given)
    {
        object? value = Parameters.Plain(given);
        if (value is not IList list || value is string) return new[] { Read(given) };
        List<string> ids = new();
        foreach (object? item in list) ids.Add(Read(item));
        return ids;
    }

    /// <summary>Whether two ids are the same task's. They may have capitals or hyphens, as a UUID.</summary>
    internal static bool AreSame(string id, string other)
    {
        return string.Equals(Plain(id), Plain(other), StringComparison.OrdinalIgnoreCase);

        static string Plain(string id) => id.Trim().Replace("-", "", StringComparison.Ordinal);
    }

    /// <summary>A member of a dictionary or an object, in any case; null if it has none.</summary>
    internal static object? Member(object? value, string name)
    {
        return TryMember(value, name, out object? member) ? member : null;
    }

    /// <summary>Whether a dictionary or an object has a member, in any case.</summary>
    internal static bool TryMember(object? value, string name, out object? member)
    {
        value = Parameters.Plain(value);
        member = null;
        if (value == null) return false;
        if (value is not IDictionary table)
        {
            PSPropertyInfo? property = PSObject.AsPSObject(value).Properties[name];
            member = Parameters.Plain(property?.Value);
            return property != null;
        }
        foreach (DictionaryEntry entry in table)
        {
            if (!name.Equals(entry.Key as string, StringComparison.OrdinalIgnoreCase)) continue;
            member = Parameters.Plain(entry.Value);
            return true;
        }
        return false;
    }

    // PowerShell reads an unquoted id that has only digits as a number. Whole numbers keep them, others do not.
    static string? Text(object? value) => value switch
    {
        string text => text,
        Guid id => id.ToString(),
        int or long or uint or ulong or short or ushort or byte or sbyte
            => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
