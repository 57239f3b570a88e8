using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace V2024;

/// <summary>
/// The values that Get-DefaultConfiguration has shown instead of secrets, and what each stands for. A mask is known as
/// the very object that was shown, so that its settings can be given back later. An equal text from elsewhere stands
/// for nothing.
/// </summary>
sealed class Masks
{
    // How the library masks a secret.
    const string Mask = "********";

    readonly ConditionalWeakTable<string, Meaning> meanings = new();

    /// <summary>Settings as they were shown once.</summary>
    internal sealed class Shown
    {
        /// <summary>The proxy, to which a credential belongs.</summary>
        internal string? Proxy { get; init; }

        /// <summary>For each secret that had no value, what the library takes as having none.</summary>
        internal Dictionary<string, string> Unset { get; } = new();
    }

    /// <summary>What a value stands for.</summary>
    /// <param name="Sealed">The secret of then, as only the library in this process can read it.</param>
    /// <param name="Shown">The settings that it was shown with.</param>
    internal sealed record Meaning(string? Sealed, Shown Shown);

    /// <summary>Whether a value is masked, or a part of it, such as the password in a proxy's address.</summary>
    internal static bool IsMasked(object? value)
    {
        return value is string text && text.Contains(Mask, StringComparison.Ordinal);
    }

    /// <summary>A copy of a text that has a meaning from now on.</summary>
    internal string Show(string text, string? sealedSecret, Shown shown)
    {
        string copy = new(text.AsSpan());
        meanings.Add(copy, new Meaning(sealedSecret, shown));
        return copy;
    }

    /// <summary>What a value stands for; null for a text that was not shown by this session.</summary>
    internal Meaning? Find(object? value)
    {
        return value is string text && meanings.TryGetValue(text, out Meaning? meaning) ? meaning : null;
    }
}
