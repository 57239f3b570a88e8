using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>The preferences of the caller's scope. A module's own scope does not have them.</summary>
static class Caller
{
    /// <summary>
    /// The preference for verbose messages: from -Verbose if it was given, otherwise from $VerbosePreference.
    /// </summary>
    internal static ActionPreference Verbose(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out object? given))
        {
            return LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
        }
        object? preference = cmdlet.SessionState.PSVariable.GetValue("VerbosePreference");
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference verbose)
            ? verbose
            : ActionPreference.SilentlyContinue;
    }

    /// <summary>Whether ShouldProcess asks the user before a change of this impact.</summary>
    internal static bool IsQuestion(PSCmdlet cmdlet, ConfirmImpact impact)
    {
        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        if (bound.TryGetValue("Confirm", out object? given)) return LanguagePrimitives.IsTrue(given);
        object? preference = cmdlet.SessionState.PSVariable.GetValue("ConfirmPreference");
        return LanguagePrimitives.TryConvertTo(preference, out ConfirmImpact least)
            && least != ConfirmImpact.None && least <= impact;
    }

    /// <summary>Whether ShouldProcess would ask or write anything before an update.</summary>
    internal static bool IsAsked(PSCmdlet cmdlet)
    {
        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        PSVariableIntrinsics preferences = cmdlet.SessionState.PSVariable;
        return bound.ContainsKey("WhatIf") || bound.ContainsKey("Confirm")
            || Verbose(cmdlet) != ActionPreference.SilentlyContinue
            || LanguagePrimitives.IsTrue(preferences.GetValue("WhatIfPreference"))
            || !Equals(preferences.GetValue("ConfirmPreference"), ConfirmImpact.High);
    }
}
