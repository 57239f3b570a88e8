using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of Wait-V2024TaskStatus. The library polls.</summary>
public sealed class Wait : Invocation
{
    // With more tasks, one bar for all of them.
    const int MostBars = 5;

    static readonly HashSet<string> Good = new(StringComparer.OrdinalIgnoreCase) { "SUCCESS", "WARNING" };

    readonly Stopwatch watch = new();
    readonly List<string> ids = new();
    readonly HashSet<string> known = new();
    readonly Dictionary<string, ProgressRecord> bars = new();
    ProgressRecord? bar;
    int shown;
    int ended;

    internal Wait(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>Takes the ids that are bound now.</summary>
    public void Process()
    {
        try
        {
            // The library waits once for an id that comes twice, so the progress counts it once.
            foreach (string id in Ids.ReadAll(Given["Id"])) if (known.Add(id.Trim())) ids.Add(id);
        }
        catch (Request.UnsendableException exception)
        {
            Refuse(exception.Message, exception.Value);
        }
    }

    /// <summary>Waits, and writes each task when it has ended.</summary>
    public void End()
    {
        if (ids.Count == 0) return;
        watch.Start();
        Call call = Start(new Request("wait_task_status")
        {
            Ids = ids,
            TimeoutSeconds = Given.Value<double>("TimeoutSeconds"),
            PollingIntervalSeconds = Given.Value<double>("PollingIntervalSeconds"),
        });
        try
        {
            while (Receive(call) is { } response)
            {
                if (response.Kind == "progress") Show(response);
                else Take(response, call);
            }
        }
        finally
        {
            End(call);
        }
    }

    void Take(Response response, Call call)
    {
        string? id = response.Members.GetValueOrDefault("id") as string;
        Hide(id);
        if (response.Error != null)
        {
            ErrorRecord record = Failures.Record(response, id ?? call.Target);
            // Before the wait's own timeout, it is a request that timed out, and that ends the wait for all tasks.
            bool isOver = watch.Elapsed.TotalSeconds >= Given.Value<double>("TimeoutSeconds");
            string kind = record.FullyQualifiedErrorId;
            Fail(record, ofItem: kind is "NotFound" or "TaskGone" || (kind == "Timeout" && isOver));
            return;
        }
        Outer.WriteObject(response.Body);
        object? task = response.Body;
        string? status = TaskWords.Text(task, "completionStatus");
        if (Good.Contains(status ?? "")) return;
        string messages = TaskWords.Messages(task) is { Length: > 0 } texts ? $": {texts}" : "";
        InvalidOperationException exception = new(
            Printable.From($"{TaskWords.Name(task)} ended with {status}{messages}"));
        Fail(Failures.Record(exception, "TaskFailed", ErrorCategory.InvalidResult, task), ofItem: true);
    }

    void Show(Response response)
    {
        if (Progress is ActionPreference.SilentlyContinue or ActionPreference.Ignore) return;
        Dictionary<string, object?> members = response.Members;
        string id = members.GetValueOrDefault("id") as string ?? "";
        object? percent = members.GetValueOrDefault("percentComplete");
        if (ids.Count > MostBars)
        {
            bar ??= new ProgressRecord(0, $"Waiting for {ids.Count} tasks", "Waiting");
            Count();
            return;
        }
        string? name = members.GetValueOrDefault("uniqueName") as string;
        if (!bars.TryGetValue(id, out ProgressRecord? record))
        {
            record = new ProgressRecord(shown++, Printable.From(string.IsNullOrEmpty(name) ? id : name), "Waiting");
            bars[id] = record;
        }
        if (percent != null && LanguagePrimitives.TryConvertTo(percent, out int done))
        {
            record.PercentComplete = Math.Clamp(done, 0, 100);
            record.StatusDescription = $"{done} %";
        }
        Show(record);
    }

    // Removes the bar of a task that has ended.
    void Hide(string? id)
    {
        ended++;
        if (bar != null) Count();
        if (id == null || !bars.Remove(id, out ProgressRecord? record)) return;
        Remove(record);
    }

    private protected override void HideProgress()
    {
        foreach (ProgressRecord record in bars.Values) Remove(record);
        bars.Clear();
        if (bar is { RecordType: ProgressRecordType.Processing }) Remove(bar);
    }

    void Remove(ProgressRecord record)
    {
        record.RecordType = ProgressRecordType.Completed;
        Show(record);
    }

    void Count()
    {
        bar!.StatusDescription = $"{ended} of {ids.Count} have ended";
        bar.PercentComplete = Math.Min(100, 100 * ended / ids.Count);
        if (ended >= ids.Count) bar.RecordType = ProgressRecordType.Completed;
        Show(bar);
    }
}
