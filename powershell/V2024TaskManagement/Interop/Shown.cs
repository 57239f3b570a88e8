using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace V2024;

/// <summary>
/// What the views show of the module's objects, and their methods return. Objects may also be those that a job or
/// Import-Clixml gives.
/// </summary>
static class Shown
{
    // Format.ps1xml and TypeMembers.cs find the function in the process by this name. They cannot name a type, since a
    // process may have loaded several copies of the assembly.
    const string Key = "V2024.Shown";

    const int LongestBody = 1000;

    // More ids of a response than this are not shown.
    const int MostIds = 10;

    static readonly Dictionary<string, Func<PSObject, object?>> Functions = new()
    {
        // Methods of objects (TypeMembers.cs). They return the data unchanged.
        ["Age"] = item => Since(item, "created", null),
        ["Duration"] = item => Since(item, "launched", "completed"),
        ["Members"] = IndexedObject.Dictionary,
        ["Wording"] = Wording,
        ["Joined"] = item => string.Join("; ", Items(item.BaseObject).Select(Text)),
        // Columns and lines of views (Format.ps1xml) that are not just a member.
        ["What"] = What,
        ["Source"] = Source,
        ["Status"] = Status,
        ["Created"] = item => Date(Value(item, "created"), "MM-dd HH:mm"),
        ["AgeText"] = item => Span(Since(item, "created", null)),
        ["DurationText"] = item => Span(Since(item, "launched", "completed")),
        ["FirstMessage"] = item => Items(Value(item, "messages")).Select(Text).FirstOrDefault() is { } text
            ? Cell(text) : null,
        ["AllMessages"] = item => string.Join("\n", Items(Value(item, "messages")).Select(Message)),
        ["MessageText"] = item => Printable.From(Text(item)),
        ["AttributeLines"] = AttributeLines,
        ["HeaderLines"] = HeaderLines,
        ["Results"] = Results,
        // Errors: records that PowerShell's own view shows.
        ["Error"] = item => item.BaseObject is ErrorRecord record ? Plain(record) : item,
        ["WholeError"] = item => new ErrorRecord((ErrorRecord)item.BaseObject, null),
        ["DetailedError"] = item => Detailed((ErrorRecord)item.BaseObject),
        ["Hint"] = item => Printable.From(Hint(item) ?? ""),
    };

    /// <summary>Lets views and types find the functions.</summary>
    internal static void Offer() => AppDomain.CurrentDomain.SetData(Key, (Func<PSObject, string, object?>)Of);

    /// <summary>What a function returns for an object; for any other name, the member of this name.</summary>
    static object? Of(PSObject item, string name)
    {
        return Functions.TryGetValue(name, out Func<PSObject, object?>? function) ? function(item) : Member(item, name);
    }

    // A member as a view shows it. Numbers stay numbers.
    static object? Member(PSObject item, string name)
    {
        object? value = Value(item, name);
        return value switch
        {
            null => null,
            DateTime => Date(value, "u"),
            IDictionary table => Listed(Entries(table).Select(entry => $"[{entry.Key}, {Text(entry.Value)}]")),
            IEnumerable and not string => Listed(Items(value).Select(Text)),
            IConvertible and not string => value,
            _ => Printable.From(Text(value)),
        };
    }

    static string Listed(IEnumerable<string> items) => Printable.From($"{{{string.Join(", ", items)}}}");

    // Cloud Account Aggregation - HR [0a1b2c] becomes Account Aggregation, because the source has a column of its own.
    static string What(PSObject task)
    {
        string name = Text(Value(task, "uniqueName"));
        if (name.StartsWith("Cloud ", StringComparison.Ordinal)) name = name.Substring("Cloud ".Length);
        return Cell(Regex.Replace(name, @"( - | \[).*", "", RegexOptions.Singleline));
    }

    static string Source(PSObject task)
    {
        const string Suffix = " [source]";
        string name = Text(Value(task, "target"));
        if (name.EndsWith(Suffix, StringComparison.Ordinal)) name = name.Substring(0, name.Length - Suffix.Length);
        return Cell(name);
    }

    // A text in a column of a table. PowerShell gives a combining character a place of its own, which would move the
    // columns after it, so letters with one become single characters where there is one.
    static string Cell(string text)
    {
        try
        {
            text = text.Normalize();
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair.
        }
        return Printable.From(text);
    }

    static string Status(PSObject task)
    {
        string status = Text(Value(task, "completionStatus"));
        if (status.Length > 0) return Printable.From(status);
        object? percent = Value(task, "percentComplete");
        if (!LanguagePrimitives.IsTrue(percent)) return "pending";
        // Whole numbers fit into the column. A number that is cut would be read as another one.
        if (percent is double or decimal) percent = Math.Floor(LanguagePrimitives.ConvertTo<double>(percent));
        return Printable.From($"pending {Text(percent)}%");
    }

    // Times are shown in UTC. A date that could not be read is a text.
    static string? Date(object? value, string format)
    {
        if (value is not DateTime date) return value == null ? null : Printable.From(Text(value));
        return date.ToUniversalTime().ToString(format, CultureInfo.InvariantCulture);
    }

    // The time from one member to another, or to now; null if the task has no such date.
    static object? Since(PSObject task, string start, string? end)
    {
        if (Value(task, start) is not DateTime begin) return null;
        object? ended = end == null ? null : Value(task, end);
        return (ended is DateTime date ? date.ToUniversalTime() : DateTime.UtcNow) - begin.ToUniversalTime();
    }

    static string? Span(object? value)
    {
        if (value is not TimeSpan span) return null;
        return span.ToString(span.Days == 0 ? @"hh\:mm\:ss" : @"d\d\ hh\:mm", CultureInfo.InvariantCulture);
    }

    // The localized message; without one, the key with its parameters filled in.
    static string Wording(PSObject message)
    {
        if (Value(message, "localizedText") is PSObject localized
            && Text(Value(localized, "message")) is { Length: > 0 } words)
        {
            return words;
        }
        string text = Text(Value(message, "key"));
        int index = 0;
        foreach (object? parameter in Items(Value(message, "parameters")))
        {
            text = text.Replace($"{{{index++}}}", Text(parameter), StringComparison.Ordinal);
        }
        return text;
    }

    static string Message(object? message)
    {
        string? type = message is PSObject item ? Text(Value(item, "type")) : null;
        return Printable.From($"{type}: {Text(message)}");
    }

    static string HeaderLines(PSObject item)
    {
        IEnumerable<string> lines = Entries(Value(item, "Headers") as IDictionary).Select(header =>
            $"{header.Key}: {string.Join(", ", Items(Parameters.Plain(header.Value)).Select(Text))}");
        return string.Join("\n", lines.Select(Printable.From));
    }

    // One attribute of a task a line: as one text, PowerShell would break it within ids.
    static object? AttributeLines(PSObject task)
    {
        if (Value(task, "attributes") is not PSObject { BaseObject: PSCustomObject } attributes)
        {
            return Member(task, "attributes");
        }
        return string.Join("\n", attributes.Properties.Select(attribute =>
            Printable.From($"{attribute.Name}: {Member(attributes, attribute.Name)}")));
    }

    // The ids of the tasks in a response, one a line.
    static string Results(PSObject info)
    {
        object? response = Value(info, "Response");
        string[] ids = Items(response).Select(result =>
            Printable.From(Text(result is PSObject task && Value(task, "id") is { } id ? id : result))).ToArray();
        if (ids.Length == 0) return response is IEnumerable and not string ? "{}" : "";
        string rest = ids.Length > MostIds ? $"\n… and {ids.Length - MostIds} more" : "";
        return string.Join("\n", ids.Take(MostIds)) + rest;
    }

    // PowerShell shows ErrorDetails.Message, which is the tenant's body, instead of the exception's message.
    static ErrorRecord Plain(ErrorRecord record)
    {
        return new ErrorRecord(record, null)
        {
            ErrorDetails = new ErrorDetails(Printable.From(record.Exception.Message)),
        };
    }

    static ErrorRecord Detailed(ErrorRecord record)
    {
        ErrorRecord shown = new(record, null);
        if (record.ErrorDetails is not { } details) return shown;
        shown.ErrorDetails = new ErrorDetails(Printable.Brief(details.Message, LongestBody))
        {
            RecommendedAction = Failures.Hint(record) ?? "",
        };
        return shown;
    }

    // Import-Clixml gives a record as an object with other members.
    static string? Hint(PSObject record)
    {
        if (record.BaseObject is ErrorRecord own) return Failures.Hint(own);
        string? message = record.Properties["Exception"]?.Value is PSObject exception
            ? Text(Value(exception, "Message")) : null;
        return Failures.Hint(Value(record, "ErrorDetails_RecommendedAction") as string, message ?? "");
    }

    // A task whose member names differ only in case is a dictionary.
    static object? Value(PSObject item, string name)
    {
        return item.BaseObject is IDictionary table
            ? table.Contains(name) ? Parameters.Plain(table[name]) : null
            : Parameters.Plain(item.Properties[name]?.Value);
    }

    static IEnumerable<object?> Items(object? value) => value switch
    {
        null => Enumerable.Empty<object?>(),
        IEnumerable list and not (string or IDictionary) => list.Cast<object?>(),
        _ => new[] { value },
    };

    static IEnumerable<DictionaryEntry> Entries(IDictionary? table)
    {
        if (table == null) yield break;
        foreach (DictionaryEntry entry in table) yield return entry;
    }

    static string Text(object? value) => value == null ? "" : LanguagePrimitives.ConvertTo<string>(value);
}
