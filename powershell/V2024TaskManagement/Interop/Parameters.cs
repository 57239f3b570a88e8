using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>The parameters of an invocation, as they are bound now: each object of a pipeline changes them.</summary>
sealed class Parameters
{
    readonly IDictionary bound;

    internal Parameters(IDictionary bound) => this.bound = bound;

    /// <summary>A value without PowerShell's wrapper; null if none was given.</summary>
    internal object? this[string name] => Plain(bound[name]);

    /// <summary>Whether a parameter was given, perhaps as null.</summary>
    internal bool Has(string name) => bound.Contains(name);

    /// <summary>Whether a switch is set.</summary>
    internal bool Is(string name) => LanguagePrimitives.IsTrue(bound[name]);

    /// <summary>A value of a type; null if it was not given or is null.</summary>
    internal T? Value<T>(string name) where T : struct => this[name] as T?;

    /// <summary>A text; null if it was not given.</summary>
    internal string? Text(string name) => this[name] as string;

    /// <summary>A value without PowerShell's wrapper, unless the wrapper is all there is of the object.</summary>
    internal static object? Plain(object? value)
    {
        return value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
    }
}
