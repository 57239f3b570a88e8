using System;
using System.Collections.ObjectModel;

namespace V2024;

/// <summary>An empty list whose ToString is an empty text, with a Length as arrays have it.</summary>
public sealed class EmptyList : ReadOnlyCollection<object>
{
    internal static readonly EmptyList Instance = new();

    EmptyList() : base(Array.Empty<object>())
    {
    }

    /// <summary>0.</summary>
    public int Length => Count;

    /// <summary>An empty text.</summary>
    /// <returns>An empty text.</returns>
    public override string ToString() => "";
}
