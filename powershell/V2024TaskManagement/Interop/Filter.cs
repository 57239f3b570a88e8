using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>Builds a filter from -Filters and the parameters -CompletionStatus, -SourceId and -Type.</summary>
static class Filter
{
    static readonly (string Parameter, string Member)[] Conditions =
    {
        ("CompletionStatus", "completionStatus"), ("SourceId", "sourceId"), ("Type", "type"),
    };

    /// <summary>
    /// The unchanged -Filters and a condition per parameter, joined with and; null if none was given.
    /// </summary>
    internal static string? Join(Parameters given)
    {
        string? filters = given.Text("Filters");
        List<string> all = new();
        if (!string.IsNullOrEmpty(filters)) all.Add(filters);
        foreach ((string parameter, string member) in Conditions)
        {
            if (given[parameter] is not IEnumerable values) continue;
            List<string> quoted = new();
            foreach (object? value in values) quoted.Add(Quoted(Text(value)));
            all.Add(quoted.Count == 1 ? $"{member} eq {quoted[0]}" : $"{member} in ({string.Join(",", quoted)})");
        }
        return all.Count == 0 ? filters : string.Join(" and ", all);
    }

    // A source, such as a task's target, stands for its id, and a task for its source.
    static string Text(object? value)
    {
        if (Ids.Member(value, "target") is { } target && Ids.Member(target, "id") is { } source) return Text(source);
        return Ids.Member(value, "id") is { } id ? Text(id) : LanguagePrimitives.ConvertTo<string>(value);
    }

    static string Quoted(string text)
    {
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
