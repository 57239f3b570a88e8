using System;
using System.Runtime.CompilerServices;

namespace V2024;

/// <summary>
/// The masked values that Get-DefaultConfiguration has shown, and what each stands for. A mask is known as the very
/// object that was shown, so that its settings can be given back later. An equal text from elsewhere stands for
/// nothing.
/// </summary>
sealed class Masks
{
    // How the library masks a secret.
    const string Mask = "********";

    readonly ConditionalWeakTable<string, Meaning> meanings = new();

    /// <summary>What a mask stands for.</summary>
    /// <param name="Value">The explicit setting; null if the value came from the environment or a file.</param>
    /// <param name="Proxy">The proxy at that time, to which a credential belongs.</param>
    internal sealed record Meaning(object? Value, string? Proxy);

    /// <summary>Whether a value is masked, or a part of it, such as the password in a proxy's address.</summary>
    internal static bool IsMasked(object? value)
    {
        return value is string text && text.Contains(Mask, StringComparison.Ordinal);
    }

    /// <summary>A copy of a masked text that stands for a setting.</summary>
    internal string Show(string masked, object? value, string? proxy)
    {
        string shown = new(masked.AsSpan());
        meanings.Add(shown, new Meaning(value, proxy));
        return shown;
    }

    /// <summary>What a mask stands for; null for a text that was not shown by this session.</summary>
    internal Meaning? Find(object? value)
    {
        return value is string text && meanings.TryGetValue(text, out Meaning? meaning) ? meaning : null;
    }
}
