using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;

namespace V2024;

/// <summary>The state of one import of the module. It starts all calls.</summary>
public sealed class Session
{
    static readonly DateTime Loaded = Written();

    readonly ScriptBlock stop;

    Session(PSModuleInfo module, string shell, ScriptBlock stop)
    {
        Module = module;
        this.stop = stop;
        Library = Library.Load(module.ModuleBase);
        Clients = new Clients(module, shell);
    }

    /// <summary>
    /// Creates a session without explicit settings, loads the library, and adds the methods of the module's objects.
    /// </summary>
    /// <param name="engine">The module's $ExecutionContext.</param>
    /// <param name="onRemove">Runs when the module is removed.</param>
    /// <param name="stop">Writes an error that ends the script, for an error record and an invocation.</param>
    /// <returns>The session.</returns>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded.</exception>
    /// <exception cref="InvalidOperationException">
    /// The module's folder has another version than the one that this process has loaded from it.
    /// </exception>
    public static Session Import(EngineIntrinsics engine, ScriptBlock onRemove, ScriptBlock stop)
    {
        PSModuleInfo module = engine.SessionState.Module;
        // .NET loads a file once per process, and the module's script must not run with the C# of another version.
        if (Written() != Loaded)
        {
            throw new InvalidOperationException(
                $"V2024TaskManagement in {module.ModuleBase} has changed since this process imported it: start a new "
                + "session, or put the other version into a folder of its own");
        }
        IDictionary versions = (IDictionary)engine.SessionState.PSVariable.GetValue("PSVersionTable");
        Session session = new(module, $"{versions["PSVersion"]}", stop);
        module.OnRemove = onRemove;
        Shown.Offer();
        TypeMembers.Add();
        return session;
    }

    internal PSModuleInfo Module { get; }

    /// <summary>The native library.</summary>
    public Library Library { get; }

    /// <summary>The session's settings, and the library's clients that are created from them.</summary>
    public Clients Clients { get; }

    /// <summary>Whether Invoke-Paginate reads pages with the module's cmdlets.</summary>
    internal bool IsPaging { get; set; }

    /// <summary>Begins an invocation of Get-V2024PendingTasks.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetPendingTasks(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Limit", "Offset", "Count", "All", "Raw", "WithHttpInfo", "XSailPointExperimental");
        return new(this, cmdlet, known, "get_pending_tasks");
    }

    /// <summary>Begins an invocation of Get-V2024TaskStatusList.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetTaskStatusList(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Limit", "Offset", "Count", "Filters", "Sorters", "CompletionStatus", "Type", "SourceId",
            "After", "Before", "All", "Raw", "WithHttpInfo", "XSailPointExperimental");
        return new(this, cmdlet, known, "get_task_status_list");
    }

    /// <summary>Begins an invocation of Get-V2024PendingTaskHeaders.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetPendingTaskHeaders(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Limit", "Offset", "Count", "WithHttpInfo", "XSailPointExperimental");
        return new(this, cmdlet, known, "get_pending_task_headers");
    }

    /// <summary>Begins an invocation of Get-V2024TaskStatus.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetTaskStatus(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Id", "ThrottleLimit", "Raw", "WithHttpInfo", "XSailPointExperimental");
        return new(this, cmdlet, known, "get_task_status");
    }

    /// <summary>Begins an invocation of Update-V2024TaskStatus.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Update UpdateTaskStatus(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Id", "JsonPatchOperation", "ThrottleLimit", "WithHttpInfo", "XSailPointExperimental");
        return new(this, cmdlet, known);
    }

    /// <summary>Begins an invocation of Complete-V2024PendingTask.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Completion CompletePendingTask(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Id", "CompletionStatus", "Completed", "ThrottleLimit");
        return new(this, cmdlet, known);
    }

    /// <summary>Begins an invocation of Wait-V2024TaskStatus.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Wait WaitTaskStatus(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Id", "TimeoutSeconds", "PollingIntervalSeconds");
        return new(this, cmdlet, known);
    }

    /// <summary>Begins an invocation of Invoke-Paginate.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Pagination Paginate(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Function", "Increment", "Limit", "InitialOffset", "Parameters", "WithHttpInfo");
        return new(this, cmdlet, known);
    }

    /// <summary>Begins an invocation of ConvertFrom-V2024JsonToTaskStatus.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public GivenJson ReadTaskStatus(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Json");
        return new(this, cmdlet, known, "V2024.TaskStatus");
    }

    /// <summary>Begins an invocation of ConvertFrom-V2024JsonToJsonPatchOperation.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public GivenJson ReadPatchOperation(PSCmdlet cmdlet, IDictionary bound)
    {
        IDictionary known = Parameters.Known(
            cmdlet, bound, "Json");
        return new(this, cmdlet, known, "V2024.JsonPatchOperation", "op", "path");
    }

    /// <summary>What Tab offers for the id of a task.</summary>
    /// <param name="cmdlet">The script block that asks.</param>
    /// <param name="word">What was typed.</param>
    /// <returns>The pending tasks that fit.</returns>
    public IEnumerable<CompletionResult> OfferTasks(PSCmdlet cmdlet, string word) => new Tab(this, cmdlet).Tasks(word);

    /// <summary>What Tab offers for the id of a source.</summary>
    /// <param name="cmdlet">The script block that asks.</param>
    /// <param name="word">What was typed.</param>
    /// <returns>The sources of recent tasks that fit.</returns>
    public IEnumerable<CompletionResult> OfferSources(PSCmdlet cmdlet, string word)
    {
        return new Tab(this, cmdlet).Sources(word);
    }

    /// <summary>Writes an error that ends the caller's script.</summary>
    internal void Stop(ErrorRecord record, InvocationInfo invocation) => Module.Invoke(stop, record, invocation);

    /// <summary>Starts a request. If it cannot be started, the call's only message is the error.</summary>
    internal Call Start(PSCmdlet cmdlet, Request request, ActionPreference verbose, bool withoutNotes = false)
    {
        byte[] json;
        try
        {
            json = request.Write(events: verbose != ActionPreference.SilentlyContinue);
        }
        catch (ArgumentException exception)
        {
            object? target = exception is Request.UnsendableException unsendable ? unsendable.Value : request.Target;
            return new Call(cmdlet, target, Response.Refused(exception.Message));
        }
        if (Clients.Find(cmdlet, out Response? refused) is not { } client)
        {
            if (withoutNotes) refused!.Members.Remove("notes");
            return new Call(cmdlet, request.Target, refused!);
        }
        Response? notes = withoutNotes ? null : Clients.TakeNotes(client);
        return new Call(cmdlet, request, CallHandle.Start(client, json), notes);
    }

    /// <summary>Begins an invocation of Get-DefaultConfiguration or Set-DefaultConfiguration.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Configuration Configure(PSCmdlet cmdlet, IDictionary bound)
    {
        return new(this, cmdlet, Parameters.Known(cmdlet, bound, Configuration.Known));
    }

    // When the file of this assembly was written.
    static DateTime Written() => File.GetLastWriteTimeUtc(typeof(Session).Assembly.Location);
}
