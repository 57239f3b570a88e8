using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;

namespace V2024;

/// <summary>A task in messages. One with odd names of members is a dictionary.</summary>
static class TaskWords
{
    /// <summary>The name of a task: task 'Cloud Account Aggregation - HR' (00ee…).</summary>
    internal static string Name(object? task)
    {
        return Text(task, "uniqueName") is { Length: > 0 } name ? $"task '{name}' ({Text(task, "id")})"
            : $"task {Text(task, "id")}";
    }

    /// <summary>When a task was created, in words, such as 9 days ago.</summary>
    internal static string Created(object? task)
    {
        if (Ids.Member(task, "created") is not DateTime created) return "at an unknown time";
        TimeSpan age = DateTime.UtcNow - created.ToUniversalTime();
        (double number, string unit) = age.TotalDays >= 2 ? (age.TotalDays, "day")
            : age.TotalHours >= 2 ? (age.TotalHours, "hour")
            : (Math.Max(0, age.TotalMinutes), "minute");
        return $"{Counted((long)number, unit)} ago";
    }

    /// <summary>A number of things, such as 1 task or 2 tasks.</summary>
    internal static string Counted(long number, string thing) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {thing}{(number == 1 ? "" : "s")}";

    /// <summary>The messages of a task.</summary>
    internal static string Messages(object? task)
    {
        List<string> texts = new();
        if (Ids.Member(task, "messages") is IEnumerable messages and not string)
        {
            foreach (object? message in messages) texts.Add(LanguagePrimitives.ConvertTo<string>(message));
        }
        return string.Join("; ", texts);
    }

    /// <summary>A member as text; null if there is none.</summary>
    internal static string? Text(object? task, string member)
    {
        return Ids.Member(task, member) is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;
    }
}
