using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace V2024;

/// <summary>
/// Tab completion for the ids of tasks and sources. It writes nothing: after an error Tab offers nothing.
/// </summary>
sealed class Tab : Invocation
{
    const int MostSeconds = 2;

    internal Tab(Session session, PSCmdlet outer) : base(session, outer, new Hashtable())
    {
    }

    /// <summary>The pending tasks with their names, the oldest last.</summary>
    internal IEnumerable<CompletionResult> Tasks(string word)
    {
        return Offer(word, Page(new Request("get_pending_tasks")).Select(task =>
        {
            string id = TaskWords.Text(task, "id") ?? "";
            return (id, TaskWords.Text(task, "uniqueName") is { Length: > 0 } name ? name : id);
        }));
    }

    /// <summary>The sources of the latest tasks, sorted by name.</summary>
    internal IEnumerable<CompletionResult> Sources(string word)
    {
        SortedDictionary<string, (string, string)> sources = new(StringComparer.OrdinalIgnoreCase);
        foreach (PSObject task in Page(new Request("get_task_status_list") { Sorters = "-created" }))
        {
            if (task.Properties["target"]?.Value is not PSObject target) continue;
            if (TaskWords.Text(target, "type") != "APPLICATION") continue;
            string name = TaskWords.Text(target, "name") ?? "";
            string id = TaskWords.Text(target, "id") ?? "";
            sources[$"{name}\n{id}"] = (id, name);
        }
        return Offer(word, sources.Values);
    }

    static IEnumerable<CompletionResult> Offer(string word, IEnumerable<(string Id, string Name)> offers)
    {
        string typed = word.Trim('\'', '"');
        return offers
            .Where(offer => offer.Id.Length > 0 && offer.Name.Length > 0 && (Fits(offer.Id) || Fits(offer.Name)))
            .Select(offer => new CompletionResult(
                Quoted(offer.Id), Printable.From(offer.Name), CompletionResultType.ParameterValue,
                Printable.From(offer.Id)));

        bool Fits(string text) => text.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
    }

    // An id that PowerShell would read as a number is quoted, too.
    static string Quoted(string id)
    {
        return Regex.IsMatch(id, @"^\w+\z") && !Regex.IsMatch(id, @"^\d+(e\d+)?\z", RegexOptions.IgnoreCase)
            ? id : $"'{CodeGeneration.EscapeSingleQuotedStringContent(id)}'";
    }

    // Whether a setting comes from config.json in the current folder, which may be anybody's. A key that completes a
    // word must not send anything to an address from there.
    bool IsLedByFolder()
    {
        // A source that is a file is named by its path.
        return Session.Clients.Outline(Outer).Members["settings"] is PSObject settings && settings.Properties.Any(
            setting => $"{Ids.Member(setting.Value, "source")}".EndsWith("config.json", StringComparison.Ordinal));
    }

    // The tasks of one page; none after an error, or if no response comes in time.
    IEnumerable<PSObject> Page(Request request)
    {
        if (IsLedByFolder()) return Array.Empty<PSObject>();
        // Notes about the settings wait for the next call.
        Call call = Session.Start(Outer, request, ActionPreference.SilentlyContinue, withoutNotes: true);
        try
        {
            DateTime deadline = DateTime.UtcNow.AddSeconds(MostSeconds);
            Response? response = call.Next(deadline);
            while (response is { Kind: not "response" }) response = call.Next(deadline);
            return response is { Error: null, List: { } tasks } ? tasks.OfType<PSObject>() : Array.Empty<PSObject>();
        }
        finally
        {
            call.Dispose();
        }
    }
}
