using System;
using System.Globalization;
using System.Management.Automation;

namespace V2024;

/// <summary>
/// What a task is about, such as a source. As text it is its name, by which PowerShell also compares, sorts and groups
/// it; for that it needs a .NET object. The members are properties that PowerShell attaches to this object.
/// </summary>
public sealed class Target : IComparable
{
    readonly PSObject members;

    Target() => members = new PSObject(this);

    /// <summary>The value of a member; null if there is none.</summary>
    /// <param name="key">The member's name.</param>
    /// <returns>The value.</returns>
    public object? this[object? key]
    {
        get => IndexedObject.Get(members, key);
        set => IndexedObject.Set(members, key, value);
    }

    /// <summary>Creates a target without members.</summary>
    internal static PSObject Create() => new Target().members;

    /// <summary>Compares the name with that of another target, or with a text.</summary>
    /// <param name="obj">The other target, or the text.</param>
    /// <returns>Less than 0 if this comes first, 0 if both are equal, otherwise more than 0.</returns>
    int IComparable.CompareTo(object? obj)
    {
        return LanguagePrimitives.Compare(ToString(), obj?.ToString(), ignoreCase: true, CultureInfo.CurrentCulture);
    }

    /// <summary>Whether another target has the same name, or a text is the name.</summary>
    /// <param name="obj">The other target, or the text.</param>
    /// <returns>Whether both are equal.</returns>
    public override bool Equals(object? obj)
    {
        return obj is Target or string && ToString().Equals(obj.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The same number for targets that are equal.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    /// <summary>The name.</summary>
    /// <returns>The name; an empty text if there is none.</returns>
    public override string ToString()
    {
        return members.Properties["name"]?.Value is { } name ? LanguagePrimitives.ConvertTo<string>(name) : "";
    }
}
