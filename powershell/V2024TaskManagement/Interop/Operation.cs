using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace V2024;

/// <summary>One invocation of a function that calls an operation of the tenant.</summary>
public abstract class Operation : Invocation
{
    private protected Operation(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    private protected bool IsExperimental =>
        "true".Equals(Given.Text("XSailPointExperimental"), StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes a call, and writes its results and errors. Returns whether all results came.</summary>
    private protected bool Run(Request request)
    {
        Call call = Start(request);
        try
        {
            while (Receive(call) is { } response)
            {
                call.Tell();
                if (response.Error != null)
                {
                    Fail(response, call.Target);
                    return false;
                }
                if (!Take(response, request)) return false;
                if (!request.All) break;
            }
            return true;
        }
        finally
        {
            End(call);
        }
    }

    /// <summary>The progress bar, if there is one.</summary>
    private protected ProgressBar? Bar { get; private set; }

    /// <summary>Begins a progress bar, if the caller wants any.</summary>
    private protected void BeginBar(string activity)
    {
        bool isWanted = Progress is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
        Bar = isWanted ? new(Show, activity) : null;
    }

    private protected override void HideProgress() => Bar?.Stop();

    /// <summary>Asks for confirmation if the caller wants that.</summary>
    /// <param name="target">What would be changed.</param>
    /// <param name="action">How it would be changed.</param>
    /// <param name="isQuestion">Whether a question will come.</param>
    private protected bool Confirm(string target, string action, bool isQuestion)
    {
        // A bar would be painted over the question.
        if (isQuestion) Bar?.Stop();
        Adopt("WhatIf", "WhatIfPreference");
        Adopt("Confirm", "ConfirmPreference");
        Adopt("Verbose", "VerbosePreference");
        try
        {
            return Outer.ShouldProcess(Printable.From(target), Printable.From(action));
        }
        // Where nobody can be asked, PowerShell's error would let the script go on.
        catch (Exception exception) when (exception is InvalidOperationException or HostException)
        {
            const string Message =
                "this session has nobody to ask for confirmation: -Confirm:$false goes on without a question";
            Refuse(Message, target);
            return false;
        }
        finally
        {
            NoteStop();
        }
    }

    /// <summary>
    /// Writes the error of a task. If that ends the pipeline, this says before what becomes of the others that are on
    /// their way: changes, and tasks that are read in vain.
    /// </summary>
    private protected void Fail(Response failure, object? target, IEnumerable<Sent> rest)
    {
        ErrorRecord record = Failures.Record(failure, target);
        if (FailureEnds)
        {
            Bar?.Stop();
            Failing = record.Exception.Message;
            if (TellOf(rest) is { } untold) Failures.AddHint(record, untold);
        }
        Failing = null;
        Fail(record);
    }

    // Lets changes on the wire end, and says what became of them. Returns what could not be said.
    string? TellOf(IEnumerable<Sent> rest)
    {
        List<string> reads = new();
        List<Call> changes = new();
        foreach (Sent sent in rest)
        {
            if (sent.Request.IsChange) changes.Add(sent.Call);
            else reads.Add($"{sent.Call.Target}");
        }
        if (reads.Count > 0) Tell($"Requests for other tasks were on their way: {string.Join(", ", reads)}");
        if (changes.Count == 0) return null;
        Changes.Finish(changes);
        // A stop during the wait leaves those that have come to Dispose.
        string outcomes = string.Join(
            ", ", changes.ConvertAll(change => Changes.Outcome(change, change.Outcome ?? Receive(change))));
        string told = $"Changes of other tasks were on their way when one failed: {outcomes}";
        bool isTold = TryWarn(told);
        foreach (Call change in changes) change.Tell();
        return isTold ? null : told;
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
