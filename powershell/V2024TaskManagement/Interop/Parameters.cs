using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace V2024;

/// <summary>The parameters of an invocation, as they are bound now: each object of a pipeline changes them.</summary>
sealed class Parameters
{
    readonly IDictionary bound;
    readonly HashSet<string> typed;

    /// <summary>The parameters, before the first object of a pipeline comes.</summary>
    internal Parameters(IDictionary bound)
    {
        this.bound = bound;
        typed = new HashSet<string>(bound.Keys.Cast<string>(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Refuses a parameter that would have no effect.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <param name="known">The parameters that its invocation uses; PowerShell's own are known, too.</param>
    /// <returns>The parameters.</returns>
    /// <exception cref="InvalidOperationException">The script has a parameter that is not a known one.</exception>
    internal static IDictionary Known(PSCmdlet cmdlet, IDictionary bound, params string[] known)
    {
        foreach (string name in bound.Keys)
        {
            if (Array.IndexOf(known, name) >= 0) continue;
            if (Cmdlet.CommonParameters.Contains(name) || Cmdlet.OptionalCommonParameters.Contains(name)) continue;
            throw new InvalidOperationException(
                $"{cmdlet.MyInvocation.MyCommand.Name} does not use its parameter {name}: name it in Session.cs");
        }
        return bound;
    }

    /// <summary>A value without PowerShell's wrapper; null if none was given.</summary>
    internal object? this[string name] => Plain(bound[name]);

    /// <summary>
    /// Forgets what came from an object of the pipeline. PowerShell would keep it for the objects that lack it.
    /// </summary>
    internal void ForgetObject()
    {
        foreach (string name in bound.Keys.Cast<string>().Where(name => !typed.Contains(name)).ToArray())
        {
            bound.Remove(name);
        }
    }

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
