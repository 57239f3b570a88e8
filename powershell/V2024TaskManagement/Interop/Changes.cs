using System.Collections.Generic;

namespace V2024;

/// <summary>What became of changes that were on their way when the pipeline ended.</summary>
static class Changes
{
    /// <summary>Lets the requests on the wire get their responses. Nothing else is sent, a retry included.</summary>
    internal static void Finish(IEnumerable<Call> changes)
    {
        foreach (Call change in changes) change.Finish();
    }

    /// <summary>What became of a change, in words.</summary>
    internal static string Outcome(Call change, Response? response) => response switch
    {
        null => $"{change.Target} (no response: the change may have been made)",
        { Error: { } error } => $"{change.Target} ({error.Properties["message"]?.Value})",
        _ => $"{change.Target} (changed)",
    };
}
