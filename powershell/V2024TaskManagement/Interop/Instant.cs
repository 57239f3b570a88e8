using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A time that the user gave, with or without an offset from UTC.</summary>
static class Instant
{
    /// <summary>The time in UTC; null if the parameter was not given.</summary>
    /// <exception cref="ArgumentException">The value is not a time.</exception>
    internal static DateTime? Read(Parameters given, string parameter)
    {
        object? value = given[parameter];
        if (value == null) return null;
        if (value is DateTimeOffset time) return time.UtcDateTime;
        if (LanguagePrimitives.TryConvertTo(value, out DateTime date)) return date.ToUniversalTime();
        throw new ArgumentException($"-{parameter} is not a date: {value}");
    }
}
