using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of Complete-V2024PendingTask.</summary>
public sealed class Completion : Operation
{
    // How long to wait for the change whose result is next, before the tasks after it are looked at.
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    // The tasks that are on their way, in the order of their ids.
    readonly OnTheWay<Item> items = new();
    string? completionStatus;
    DateTime? completed;
    int done;

    internal Completion(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>Completes the tasks that are bound now, unless they have ended.</summary>
    /// <param name="completionStatus">The completion status to set.</param>
    /// <param name="throttleLimit">How many are completed at once.</param>
    public void Process(string completionStatus, int throttleLimit)
    {
        this.completionStatus ??= Known(completionStatus);
        if (Bar == null) BeginBar("Completing pending tasks");
        IEnumerable<string> ids;
        try
        {
            ids = Ids.ReadAll(Given["Id"]);
            completed = Instant.Read(Given, "Completed");
        }
        catch (ArgumentException exception)
        {
            End();
            Refuse(exception.Message, (exception as Request.UnsendableException)?.Value);
            return;
        }
        foreach (string id in ids)
        {
            // The second of two changes of one task finds it ended, and skips it.
            while (items.Has(id)) Advance(wait: true);
            Request look = new("get_task_status") { Id = id };
            items.AddLast(new Item(look, Start(look)));
            while (items.Count >= throttleLimit) Advance(wait: true);
            Advance(wait: false);
        }
    }

    /// <summary>Completes the tasks that are on their way.</summary>
    public void End()
    {
        while (items.Count > 0) Advance(wait: true);
        Bar?.Stop();
    }

    // The status as the tenant writes it. Warns of one that is not known, which may be misspelt.
    string Known(string given)
    {
        string[] all = Offered.Values(Outer, "CompletionStatus");
        string? known = Array.Find(all, one => one.Equals(given.Trim(), StringComparison.OrdinalIgnoreCase));
        if (known == null)
        {
            Warn($"-CompletionStatus '{given}' is not one of the known values: {string.Join(", ", all)}");
        }
        return known ?? given;
    }

    // Takes what has come: the first task's result, and looks at the tasks after it in their order. So nothing of a
    // task is changed or asked before all tasks before it are being changed.
    void Advance(bool wait)
    {
        for (LinkedListNode<Item>? node = items.First; node != null; node = node.Next)
        {
            Item item = node.Value;
            bool isFirst = node == items.First;
            if (item.Response == null && !item.IsOver)
            {
                bool isAlone = isFirst && (node.Next == null || item.IsLooking);
                DateTime? deadline = !wait || !isFirst ? DateTime.UtcNow
                    : isAlone ? null : DateTime.UtcNow + Slice;
                item.Response = Receive(item.Call, deadline);
                item.IsOver = item.Response == null && deadline == null;
            }
            if (IsPending(item)) Change(item);
            if (isFirst && (item.Response != null || item.IsOver))
            {
                items.Remove(node);
                Take(item);
                return;
            }
            // It is not known yet, or an error or a warning comes before anything of the tasks after it.
            if (item.IsLooking && !item.IsOver) return;
        }
    }

    // Writes the result of the first task. One that the user does not want changed has none.
    void Take(Item item)
    {
        try
        {
            item.Call.Tell();
            if (item.Response?.Error != null) Fail(item.Response, item.Call.Target, OnTheirWay());
            else if (item.Response is { } response)
            {
                if (!item.IsLooking) Take(response, item.Request);
                else if (!HasNotEnded(response)) WarnOfEnd(response.Body);
            }
        }
        finally
        {
            End(item.Call);
        }
        Bar?.Update(++done, Outer.MyInvocation.ExpectingInput ? null : (Parameters.Plain(Given["Id"]) as IList)?.Count);
    }

    // The tasks whose results have not been written.
    List<Sent> OnTheirWay()
    {
        List<Sent> rest = new();
        foreach (Item item in items)
        {
            bool wasLookedAt = item.IsLooking && item.Response != null;
            if (!item.IsOver && !wasLookedAt) rest.Add(item);
        }
        return rest;
    }

    // Asks whether to complete a task that has not ended, and sends the change.
    void Change(Item item)
    {
        object? task = item.Response!.Body;
        string source = TaskWords.Text(task, "target") is { Length: > 0 } name ? $"source '{name}', " : "";
        string target = $"{TaskWords.Name(task)}, {source}created {TaskWords.Created(task)}";
        bool isQuestion = Caller.IsQuestion(Outer, ConfirmImpact.High);
        End(item.Call);
        item.IsOver = true;
        item.Response = null;
        string time = completed is { } given ? JsonText.Date(given) : "now";
        string action = $"complete with {completionStatus}, completed {time}";
        if (!Confirm(target, action, isQuestion)) return;
        if (isQuestion)
        {
            // The task may have ended while the question was on the screen.
            item.Send(item.Request, Start(item.Request));
            item.Response = Receive(item.Call);
            if (!IsPending(item)) return;
            End(item.Call);
        }
        Request change = new("update_task_status")
        {
            Id = item.Request.Id,
            Patch = new[]
            {
                Set(task, "completionStatus", completionStatus!),
                Set(task, "completed", completed ?? DateTime.UtcNow),
            },
        };
        item.Send(change, Start(change));
    }

    // JSON Patch replaces only what is there.
    static OrderedDictionary Set(object? task, string member, object value)
    {
        string op = Ids.TryMember(task, member, out _) ? "replace" : "add";
        return new() { ["op"] = op, ["path"] = $"/{member}", ["value"] = value };
    }

    static bool IsPending(Item item) =>
        item.IsLooking && item.Response is { Error: null } response && HasNotEnded(response);

    static bool HasNotEnded(Response response) =>
        TaskWords.Text(response.Body, "completionStatus") is not { Length: > 0 };

    void WarnOfEnd(object? task) => Warn(
        $"Skipped {TaskWords.Name(task)}: it already ended with {TaskWords.Text(task, "completionStatus")}.");

    // A task on its way: it is looked at, then changed.
    sealed class Item : Sent
    {
        internal Item(Request look, Call call) : base(look, call)
        {
        }

        internal bool IsLooking => !Request.IsChange;

        internal Response? Response { get; set; }

        /// <summary>Whether nothing more comes.</summary>
        internal bool IsOver { get; set; }

        /// <summary>The next request for it was sent.</summary>
        internal void Send(Request request, Call call)
        {
            Request = request;
            Call = call;
            Response = null;
            IsOver = false;
        }
    }
}
