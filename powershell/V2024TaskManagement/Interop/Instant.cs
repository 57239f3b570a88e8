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
        object? value = given[parameter] is PSObject wrapped ? wrapped.BaseObject : given[parameter];
        if (value == null) return null;
        if (value is DateTimeOffset time) return time.UtcDateTime;
        // PowerShell would convert any number: to a moment of the year 1.
        if (value is DateTime or string && LanguagePrimitives.TryConvertTo(value, out DateTime date))
        {
            return date.ToUniversalTime();
        }
        throw new ArgumentException(
            $"-{parameter} is not a date: {value}. Write '2026-11-28', '2026-11-28T10:00Z' or (Get-Date).AddDays(-1)");
    }
}
