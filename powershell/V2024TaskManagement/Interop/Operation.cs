using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of a function that calls an operation of the tenant.</summary>
public abstract class Operation : Invocation
{
    // The calls whose results have not been taken, in the order of their objects in the pipeline.
    readonly Queue<(Request Request, Call Call)> ahead = new();
    ProgressBar? bar;
    int done;

    private protected Operation(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    private protected bool IsExperimental =>
        "true".Equals(Given.Text("XSailPointExperimental"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The given id; null after an error.</summary>
    private protected string? Id()
    {
        try
        {
            return Ids.Read(Given["Id"]);
        }
        catch (Request.UnsendableException exception)
        {
            Finish();
            Refuse(exception.Message, exception.Value);
            return null;
        }
    }

    /// <summary>Makes a call, and writes its results and errors.</summary>
    private protected void Run(Request request)
    {
        Call call = Start(request);
        try
        {
            while (Receive(call) is { } response)
            {
                if (response.Error != null) Fail(response, call.Target);
                else if (!Take(response, request)) break;
                if (!request.All) break;
            }
        }
        finally
        {
            End(call);
        }
    }

    /// <summary>Takes the results that have not been taken.</summary>
    public void Finish()
    {
        while (ahead.Count > 0) TakeNext(wait: true);
        bar?.Stop();
    }

    /// <summary>How many requests are on their way at once: one, without objects from the pipeline.</summary>
    private protected int AtOnce(int usual) =>
        Outer.MyInvocation.ExpectingInput ? Given.Value<int>("ThrottleLimit") ?? usual : 1;

    /// <summary>A progress bar, if the caller wants any.</summary>
    private protected ProgressBar? NewBar(string activity) =>
        Progress is ActionPreference.SilentlyContinue or ActionPreference.Ignore ? null : new(Show, activity);

    /// <summary>
    /// Makes a call for an object of the pipeline. Its result comes after those of earlier objects: at once, or when
    /// a later object is sent, or at the end.
    /// </summary>
    private protected void Send(Request request, int atOnce, string activity)
    {
        if (done == 0 && Outer.MyInvocation.ExpectingInput) bar ??= NewBar(activity);
        if (atOnce == 1)
        {
            Run(request);
            bar?.Update(++done);
            return;
        }
        // Two changes of one task follow one another.
        while (IsChange(request) && IsOnTheWay(request.Id!)) TakeNext(wait: true);
        while (ahead.Count > 0 && TakeNext(wait: ahead.Count >= atOnce))
        {
        }
        ahead.Enqueue((request, Start(request)));
    }

    static bool IsChange(Request request) => request.Operation == "update_task_status";

    bool IsOnTheWay(string id)
    {
        foreach ((Request request, _) in ahead)
        {
            if (Ids.AreSame(request.Id!, id)) return true;
        }
        return false;
    }

    // Takes the next result. Returns false if it has not come and is not waited for.
    bool TakeNext(bool wait)
    {
        (Request request, Call call) = ahead.Peek();
        Response? response = Receive(call, wait ? null : DateTime.UtcNow);
        if (response == null && !wait) return false;
        ahead.Dequeue();
        try
        {
            if (response?.Error != null) Fail(response, call.Target, ahead, bar);
            else if (response != null) Take(response, request);
        }
        finally
        {
            End(call);
        }
        bar?.Update(++done);
        return true;
    }

    /// <summary>
    /// Writes the error of a task. If that ends the pipeline, this says before what becomes of the others that are on
    /// their way: changes, and tasks that are read in vain.
    /// </summary>
    private protected void Fail(
        Response failure, object? target, IEnumerable<(Request Request, Call Call)> rest, ProgressBar? shown)
    {
        ErrorRecord record = Failures.Record(failure, target);
        if (FailureEnds)
        {
            shown?.Stop();
            Failing = record.Exception.Message;
            if (TellOf(rest) is { } untold) Failures.AddHint(record, untold);
        }
        Failing = null;
        Fail(record);
    }

    // Lets changes on the wire end, and says what became of them. Returns what could not be said.
    string? TellOf(IEnumerable<(Request Request, Call Call)> rest)
    {
        List<string> reads = new();
        List<Call> changes = new();
        foreach ((Request request, Call call) in rest)
        {
            if (IsChange(request)) changes.Add(call);
            else reads.Add($"{call.Target}");
        }
        if (reads.Count > 0) Tell($"Requests for other tasks were on their way: {string.Join(", ", reads)}");
        if (changes.Count == 0) return null;
        Changes.Finish(changes);
        // A stop during the wait leaves those that have come to Dispose.
        foreach (Call change in changes) change.Held ??= Receive(change);
        string outcomes = string.Join(", ", changes.ConvertAll(change => Changes.Outcome(change, change.Held)));
        foreach (Call change in changes) change.Held = null;
        string told = $"Changes of other tasks were on their way when one failed: {outcomes}";
        return TryWarn(told) ? null : told;
    }

    /// <summary>Takes a successful response. Returns whether more are wanted.</summary>
    private protected virtual bool Take(Response response, Request request)
    {
        Write(response, request);
        return true;
    }

    private protected void Write(Response response, Request request, int rows = 0, bool isOver = false)
    {
        object? result = request.Raw ? response.Text : response.Body;
        if (Given.Is("WithHttpInfo"))
        {
            Outer.WriteObject(new HttpInfo(result, response, rows, isOver));
        }
        else if (request.Operation == "get_pending_task_headers") Outer.WriteObject(Headers(response));
        // Written here and not by script: a break or continue of the caller further down the pipeline would act on a
        // loop of the script.
        else if (result != null) Outer.WriteObject(result, enumerateCollection: true);
    }

    PSObject Headers(Response response)
    {
        if (response.TotalCount == null && (response.TotalText != null || Given.Is("Count")))
        {
            Warn(response.TotalText is { } text
                ? $"TotalCount is empty, because the tenant's X-Total-Count is not a number: '{text}'"
                : "TotalCount is empty, because the tenant did not send X-Total-Count");
        }
        PSObject headers = new();
        headers.TypeNames.Insert(0, "V2024.PendingTaskHeaders");
        headers.Properties.Add(new PSNoteProperty("TotalCount", response.TotalCount));
        headers.Properties.Add(new PSNoteProperty("StatusCode", response.Status));
        headers.Properties.Add(new PSNoteProperty("Headers", response.Headers));
        return headers;
    }
}
