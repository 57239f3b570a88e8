using System;
using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;

namespace V2024;

/// <summary>
/// An object of the tenant's JSON: a PSCustomObject in every way, with an index and methods as a hashtable has them.
/// The documented SDK returns hashtables.
/// </summary>
public sealed class IndexedObject : PSObject
{
    /// <summary>The value of a member; null if there is none.</summary>
    /// <param name="key">The member's name.</param>
    /// <returns>The value.</returns>
    public object? this[object? key]
    {
        get => Get(this, key);
        set => Set(this, key, value);
    }

    /// <summary>
    /// What an index gives. PowerShell takes an object also as a list with one item, so 0 and -1 give the object.
    /// </summary>
    internal static object? Get(PSObject item, object? key) => Parameters.Plain(key) switch
    {
        string { Length: > 0 } name => item.Properties[name]?.Value,
        0 or -1 => item,
        _ => null,
    };

    /// <summary>Sets a member, or adds it.</summary>
    internal static void Set(PSObject item, object? key, object? value)
    {
        string name = LanguagePrimitives.ConvertTo<string>(key);
        if (item.Properties[name] is { } property) property.Value = value;
        else item.Properties.Add(new PSNoteProperty(name, value));
    }

    /// <summary>The members of an object as a dictionary.</summary>
    internal static IDictionary Dictionary(PSObject item)
    {
        if (item.BaseObject is IDictionary table) return table;
        OrderedDictionary members = new(StringComparer.OrdinalIgnoreCase);
        foreach (PSPropertyInfo property in item.Properties) members[property.Name] = property.Value;
        return members;
    }
}
