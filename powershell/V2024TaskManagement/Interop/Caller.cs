using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>What the caller's scope says, which a module does not see by itself.</summary>
static class Caller
{
    /// <summary>Whether the caller wants to be told of what is done: by a switch of the call, or else by preference.</summary>
    internal static ActionPreference Verbose(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out object? given))
        {
            return LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
        }
        object? preference = cmdlet.SessionState.PSVariable.GetValue("VerbosePreference");
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference verbose) ? verbose : ActionPreference.SilentlyContinue;
    }

    /// <summary>Whether ShouldProcess has anything to ask or to tell about an update.</summary>
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
