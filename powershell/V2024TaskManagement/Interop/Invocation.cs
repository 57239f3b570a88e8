using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of a function of the module: what it was given, and what it writes.</summary>
public class Invocation
{
    // A module's functions do not see the preferences of the caller's scope.
    static readonly (string Parameter, string Variable)[] Preferences =
    {
        ("Verbose", "VerbosePreference"),
        ("WarningAction", "WarningPreference"),
        ("ProgressAction", "ProgressPreference"),
        ("WhatIf", "WhatIfPreference"),
        ("Confirm", "ConfirmPreference"),
    };

    internal Invocation(Session session, PSCmdlet outer, IDictionary bound)
    {
        Session = session;
        Outer = outer;
        Bound = bound;
        foreach ((string parameter, string variable) in Preferences)
        {
            if (!bound.Contains(parameter)) Adopt(variable, outer.SessionState.PSVariable.GetValue(variable));
        }
        if (bound.Contains("ErrorAction")) return;
        // Otherwise errors terminate, as in the documented SDK, because the module's own preference is Stop.
        object? errors = outer.SessionState.PSVariable.GetValue("ErrorActionPreference");
        if (LanguagePrimitives.TryConvertTo(errors, out ActionPreference preference)
            && preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore)
        {
            Adopt("ErrorActionPreference", preference);
        }
    }

    private protected Session Session { get; }

    private protected PSCmdlet Outer { get; }

    private protected IDictionary Bound { get; }

    // Sets a variable in the scope of the function, where PowerShell looks for it when the function writes something.
    void Adopt(string variable, object? value)
    {
        if (value != null) Session.Module.SessionState.PSVariable.Set(variable, value);
    }

    /// <summary>
    /// Writes what was skipped or decided when the settings were read: a warning if it is about safety.
    /// </summary>
    private protected void WriteNotes(Response response)
    {
        if (!response.Members.TryGetValue("notes", out object? notes)) return;
        foreach (object? given in (object?[])notes!)
        {
            if (given is not PSObject note) continue;
            string message = $"{note.Properties["message"]?.Value}";
            if (LanguagePrimitives.IsTrue(note.Properties["warning"]?.Value)) Outer.WriteWarning(message);
            else Outer.WriteVerbose(message);
        }
    }

    /// <summary>
    /// Writes an error in the function's name, at the caller's line. It ends the caller's script, unless -ErrorAction
    /// or the caller's preference says otherwise: then the function goes on.
    /// </summary>
    private protected void Fail(Response response, object? target)
    {
        Outer.WriteError(Failures.Record(response, target));
    }

    /// <summary>Writes the error for an argument that the module refuses before it calls the library.</summary>
    private protected void Refuse(string message, object? target = null) => Fail(Response.Refused(message), target);
}
