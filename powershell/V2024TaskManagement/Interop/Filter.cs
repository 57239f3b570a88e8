using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace V2024;

/// <summary>Builds a filter from -Filters and the parameters -CompletionStatus, -SourceId and -Type.</summary>
static class Filter
{
    static readonly (string Parameter, string Member)[] Conditions =
    {
        ("CompletionStatus", "completionStatus"), ("SourceId", "sourceId"), ("Type", "type"),
    };

    /// <summary>The parameters that stand for conditions.</summary>
    internal static IEnumerable<string> Names => Conditions.Select(condition => condition.Parameter);

    /// <summary>
    /// The unchanged -Filters and a condition per parameter, joined with and; null if none was given.
    /// </summary>
    /// <exception cref="ArgumentException">A value is empty, or has no source.</exception>
    internal static string? Join(Parameters given)
    {
        string? filters = given.Text("Filters");
        List<string> all = new();
        if (!string.IsNullOrEmpty(filters)) all.Add(filters);
        foreach ((string parameter, string member) in Conditions)
        {
            if (given[parameter] is not IEnumerable values) continue;
            List<string> quoted = new();
            foreach (object? value in values)
            {
                // Values from a file with Windows line ends end in a carriage return.
                string text = (parameter == "SourceId" ? Source(value) : $"{value}").Trim();
                if (text.Length == 0) throw new ArgumentException($"-{parameter} has an empty value");
                quoted.Add(Quoted(text));
            }
            all.Add(quoted.Count == 1 ? $"{member} eq {quoted[0]}" : $"{member} in ({string.Join(",", quoted)})");
        }
        return all.Count == 0 ? filters : string.Join(" and ", all);
    }

    // A source, such as a task's target, stands for its id, and a task for its source.
    static string Source(object? value)
    {
        if (Parameters.Plain(value) is Guid id) return id.ToString();
        if (!Ids.TryMember(value, "target", out object? target)) return Ids.Read(value, "SourceId");
        if (target != null) return Ids.Read(target, "SourceId");
        throw new Request.UnsendableException("-SourceId was given a task that has no source", value!);
    }

    static string Quoted(string text)
    {
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
