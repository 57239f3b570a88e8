using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace V2024;

/// <summary>
/// One invocation of a function of the module: what it was given, what it writes, and the calls that it makes. The
/// function's begin block creates it, and its clean block disposes of it, also when the pipeline ends early.
/// </summary>
public class Invocation : IDisposable
{
    // Marks a process in which the warning about a deprecated API was written.
    const string DeprecationKey = "V2024TaskManagement|Deprecation";

    // How long Dispose waits for the responses of changes, after Ctrl+C and after a stop by a command downstream.
    static readonly TimeSpan AfterStop = TimeSpan.FromSeconds(1), AfterDownstream = TimeSpan.FromSeconds(10);

    readonly HashSet<string> adopted = new();
    readonly List<Call> running = new();
    // Whether the user stopped the pipeline. PowerShell's own answer to that is lost in a clean block.
    bool wasStopped;
    // Whether an error of an item was written after which the invocation went on.
    bool goesOn;

    internal Invocation(Session session, PSCmdlet outer, IDictionary bound)
    {
        Session = session;
        Outer = outer;
        Given = new Parameters(bound);
    }

    private protected Session Session { get; }

    private protected PSCmdlet Outer { get; }

    private protected Parameters Given { get; }

    /// <summary>
    /// Cancels the calls that are not over. Changes get a moment for their responses, and a warning says what became of
    /// them: a command downstream, such as Select-Object -First, or Ctrl+C may have stopped the pipeline.
    /// </summary>
    public void Dispose()
    {
        try
        {
            TellOfOpenChanges();
        }
        finally
        {
            foreach (Call call in running) call.Dispose();
            running.Clear();
            HideProgress();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Removes the progress that was written, which would stay until the caller's script ends.</summary>
    private protected virtual void HideProgress()
    {
    }

    /// <summary>The words of a failure that is to be written after the changes on their way have ended.</summary>
    private protected string? Failing { get; set; }

    /// <summary>Starts a request. It is cancelled with the invocation, or before by End.</summary>
    private protected Call Start(Request request)
    {
        Call call = Session.Start(Outer, request, Caller.Verbose(Outer));
        running.Add(call);
        return call;
    }

    private protected void End(Call? call)
    {
        NoteStop();
        // Dispose tells of a change that was not told of.
        if (call is not { IsUntold: false }) return;
        running.Remove(call);
        call.Dispose();
    }

    void TellOfOpenChanges()
    {
        List<Call> changes = running.FindAll(call => call.IsUntold);
        if (changes.Count == 0) return;
        Changes.Finish(changes);
        DateTime deadline = DateTime.UtcNow + (wasStopped || Outer.Stopping ? AfterStop : AfterDownstream);
        List<string> outcomes = new();
        foreach (Call change in changes)
        {
            Response? response = change.Outcome ?? change.Next(deadline, isStopped: true);
            while (response is { Kind: not "response" }) response = change.Next(deadline, isStopped: true);
            outcomes.Add(Changes.Outcome(change, response));
        }
        string failure = Failing is { } words ? $". Before that a request had failed: {words}" : "";
        string told = string.Join(", ", outcomes);
        Warn($"The pipeline was stopped while changes of tasks were on their way: {told}{failure}");
    }

    /// <summary>
    /// The next response or progress message; null when the call is over or the deadline has passed. All other
    /// messages, about requests and retries, go to the verbose stream.
    /// </summary>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline during the wait.</exception>
    private protected Response? Receive(Call call, DateTime? deadline = null)
    {
        while (Next(call, deadline ?? DateTime.MaxValue) is { } response)
        {
            WriteNotes(response);
            switch (response.Kind)
            {
                case "notes": break;
                case "progress": return response;
                case "response":
                    if (response.Deprecation is { } header) WarnOfDeprecation(header);
                    return response;
                default: Tell(Event(response)); break;
            }
        }
        return null;
    }

    Response? Next(Call call, DateTime deadline)
    {
        try
        {
            return call.Next(deadline);
        }
        finally
        {
            NoteStop();
        }
    }

    /// <summary>Notes whether the user has stopped the pipeline: after anything that may have taken long.</summary>
    private protected void NoteStop() => wasStopped |= Outer.Stopping;

    static string Event(Response response)
    {
        Dictionary<string, object?> members = response.Members;
        if (response.Kind == "retry")
        {
            return $"{Member("reason")}: retrying in {Member("delay_ms")} ms (attempt {Member("attempt")})";
        }
        if (response.Kind == "certificate_check")
        {
            return $"the system checks the certificate of {Member("host")}: this may take ten seconds or more where it "
                + "cannot ask whether the certificate was revoked";
        }
        string request = $"{Member("method")} {Member("url")}";
        if (Member("error") is { } error) return $"{request} failed after {Member("duration_ms")} ms: {error}";
        string? tracking = Member("trackingId") is { } id ? $", tracking id {id}" : null;
        return $"{request} returned {response.Status}, {Member("bytes")} bytes in {Member("duration_ms")} ms{tracking}";

        object? Member(string name) => members.GetValueOrDefault(name);
    }

    // One warning per process, also with several runspaces.
    void WarnOfDeprecation(string header)
    {
        if (AppDomain.CurrentDomain.GetData(DeprecationKey) != null) return;
        AppDomain.CurrentDomain.SetData(DeprecationKey, true);
        Warn($"The tenant reports that this part of its API is deprecated (X-Deprecated: {header}, in the response to "
            + $"{Outer.MyInvocation.MyCommand.Name}). To use another version: Set-DefaultConfiguration -ApiVersion.");
    }

    /// <summary>
    /// Writes what was skipped or decided when the settings were read: a warning if it is about safety.
    /// </summary>
    private protected void WriteNotes(Response response)
    {
        if (!response.Members.TryGetValue("notes", out object? notes)) return;
        foreach (object? given in (object?[])notes!)
        {
            if (given is not PSObject note) continue;
            string message = $"{note.Properties["message"]?.Value}";
            if (LanguagePrimitives.IsTrue(note.Properties["warning"]?.Value)) Warn(message);
            else Tell(message);
        }
    }

    private protected void Warn(string message)
    {
        Adopt("WarningAction", "WarningPreference");
        Outer.WriteWarning(Printable.From(message));
    }

    /// <summary>
    /// Writes a warning before an error. Returns whether that worked: a warning that ends the script would hide the
    /// error.
    /// </summary>
    private protected bool TryWarn(string message)
    {
        object? preference = Given["WarningAction"] ?? Preference("WarningPreference");
        if (LanguagePrimitives.TryConvertTo(preference, out ActionPreference warnings)
            && warnings is ActionPreference.Stop or ActionPreference.Inquire)
        {
            return false;
        }
        Warn(message);
        return true;
    }

    /// <summary>Writes a verbose message.</summary>
    private protected void Tell(string message)
    {
        Adopt("Verbose", "VerbosePreference");
        Outer.WriteVerbose(Printable.From(message));
    }

    /// <summary>The caller's preference for progress.</summary>
    private protected ActionPreference Progress
    {
        get
        {
            Adopt("ProgressAction", "ProgressPreference");
            object? preference = Given["ProgressAction"] ?? Preference("ProgressPreference");
            return LanguagePrimitives.TryConvertTo(preference, out ActionPreference progress)
                ? progress : ActionPreference.Continue;
        }
    }

    /// <summary>Writes progress, for which the caller's preference was looked at.</summary>
    private protected void Show(ProgressRecord record)
    {
        try
        {
            Outer.WriteProgress(record);
        }
        catch (PipelineStoppedException) when (record.RecordType == ProgressRecordType.Completed)
        {
            // The pipeline is stopping. The host removes the bar.
        }
    }

    /// <summary>
    /// Writes an error in the function's name, at the caller's line. It ends the caller's script, unless -ErrorAction
    /// or the caller's preference says otherwise: then the function goes on.
    /// </summary>
    private protected void Fail(Response response, object? target) => Fail(Failures.Record(response, target));

    /// <summary>
    /// Writes an error. One that concerns only one item ends the script only if the caller prefers that.
    /// </summary>
    private protected void Fail(ErrorRecord record, bool ofItem = false)
    {
        if (Given.Has("ErrorAction"))
        {
            try
            {
                Outer.WriteError(record);
            }
            // Inquire asks the user. Where there is none, PowerShell's words about that would hide the error.
            catch (Exception exception) when (exception is InvalidOperationException or HostException)
            {
                Session.Stop(record, Outer.MyInvocation);
            }
            return;
        }
        ActionPreference errors = Errors;
        if (ofItem || errors is ActionPreference.SilentlyContinue or ActionPreference.Ignore)
        {
            goesOn = errors != ActionPreference.Stop;
            Adopt("ErrorAction", "ErrorActionPreference");
            Outer.WriteError(record);
        }
        // Without -ErrorAction, errors terminate as in the documented SDK, because the module's own preference is Stop.
        else if (!goesOn) Outer.WriteError(record);
        // PowerShell looks at the preference once for each invocation, so an error that ends the script after one that
        // did not has to be written by another command.
        else Session.Stop(record, Outer.MyInvocation);
    }

    /// <summary>Whether the failure of a call ends the caller's script.</summary>
    private protected bool FailureEnds => Given.Has("ErrorAction")
        ? Given["ErrorAction"] is ActionPreference.Stop
        : Errors is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    // What the caller prefers to happen after an error.
    ActionPreference Errors =>
        LanguagePrimitives.TryConvertTo(Preference("ErrorActionPreference"), out ActionPreference errors)
            ? errors : ActionPreference.Stop;

    /// <summary>Writes the error for an argument that the module refuses before it calls the library.</summary>
    private protected void Refuse(string message, object? target = null) => Fail(Response.Refused(message), target);

    /// <summary>
    /// Sets a preference of the caller's scope, which a module's functions do not see, in the scope of the function
    /// that is running, where PowerShell looks for it when the function writes something.
    /// </summary>
    private protected void Adopt(string parameter, string variable)
    {
        if (!adopted.Add(variable) || Given.Has(parameter)) return;
        if (Preference(variable) is { } value) Session.Module.SessionState.PSVariable.Set(variable, value);
    }

    object? Preference(string variable) => Outer.SessionState.PSVariable.GetValue(variable);
}
