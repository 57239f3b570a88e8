using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace V2024;

/// <summary>The values that Tab offers for a parameter: those that are known.</summary>
static class Offered
{
    /// <summary>The values in the parameter's attribute ArgumentCompletions.</summary>
    internal static string[] Values(PSCmdlet cmdlet, string parameter)
    {
        foreach (Attribute attribute in cmdlet.MyInvocation.MyCommand.Parameters[parameter].Attributes)
        {
            if (attribute.GetType().Name != "ArgumentCompletionsAttribute") continue;
            object?[] nothingTyped = { "", parameter, "", null, null };
            object? offers = attribute.GetType().GetMethod("CompleteArgument")?.Invoke(attribute, nothingTyped);
            if (offers is IEnumerable<CompletionResult> all) return all.Select(offer => offer.ListItemText).ToArray();
        }
        return Array.Empty<string>();
    }
}
