using System;
using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>The state of one import of the module. It starts all calls.</summary>
public sealed unsafe class Session
{
    // Parameters for which the body of the first response is not the whole result.
    static readonly string[] MoreThanAResult = { "All", "WithHttpInfo", "After", "Before" };

    /// <summary>Creates a session without explicit settings and loads the library.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shell">PowerShell's version.</param>
    /// <param name="onRemove">Runs when the module is removed.</param>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded.</exception>
    public Session(PSModuleInfo module, string shell, ScriptBlock onRemove)
    {
        Module = module;
        Library = Library.Load(module.ModuleBase);
        Clients = new Clients(Library, module, shell);
        module.OnRemove = onRemove;
    }

    internal PSModuleInfo Module { get; }

    /// <summary>The native library.</summary>
    public Library Library { get; }

    /// <summary>The session's settings, and the library's clients that are created from them.</summary>
    public Clients Clients { get; }

    /// <summary>Begins an invocation of Get-V2024PendingTasks.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetPendingTasks(PSCmdlet cmdlet, IDictionary bound) => new(this, cmdlet, bound, "get_pending_tasks");

    /// <summary>Begins an invocation of Get-V2024TaskStatusList.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Query GetTaskStatusList(PSCmdlet cmdlet, IDictionary bound)
    {
        return new(this, cmdlet, bound, "get_task_status_list");
    }

    /// <summary>Starts an operation. If it cannot be started, the call's only message is the error.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their PowerShell names; those that are not for the tenant are ignored.</param>
    /// <param name="withoutNotes">Whether a new client's notes are left for a later call.</param>
    /// <returns>The call. The caller disposes of it.</returns>
    public Call Start(PSCmdlet cmdlet, string operation, IDictionary bound, bool withoutNotes = false)
    {
        return Start(cmdlet, Request.From(operation, bound), Caller.Verbose(cmdlet), withoutNotes);
    }

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
            return new Call(this, cmdlet, target, verbose, Response.Refused(exception.Message));
        }
        nint client = Clients.Find(cmdlet, out Response? refused);
        if (refused != null)
        {
            if (withoutNotes) refused.Members.Remove("notes");
            return new Call(this, cmdlet, request.Target, verbose, refused);
        }
        Response? notes = withoutNotes ? null : Clients.TakeNotes(client);
        fixed (byte* text = json)
        {
            nint handle = Library.CallStart(client, text);
            return new Call(this, cmdlet, request.Target, verbose, handle, request.Raw, notes);
        }
    }

    /// <summary>
    /// Starts an operation, and finishes it if it is one request that succeeds without a warning. That is nearly
    /// always so, and takes a third of the time that the same takes in script.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their PowerShell names; those that are not for the tenant are ignored.</param>
    /// <returns>The call. If it is not done, the caller disposes of it.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline during the wait.</exception>
    public Call Run(PSCmdlet cmdlet, string operation, IDictionary bound)
    {
        Call call = Start(cmdlet, operation, bound);
        foreach (string name in MoreThanAResult)
        {
            if (bound.Contains(name)) return call;
        }
        try
        {
            call.FinishIfPlain();
        }
        catch
        {
            call.Dispose();
            throw;
        }
        return call;
    }

    /// <summary>Begins an invocation of Get-DefaultConfiguration or Set-DefaultConfiguration.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="bound">Its parameters.</param>
    /// <returns>The invocation.</returns>
    public Configuration Configure(PSCmdlet cmdlet, IDictionary bound) => new(this, cmdlet, bound);

    /// <summary>Whether ShouldProcess would ask or write anything before an update.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>Whether it would.</returns>
    public bool Asks(PSCmdlet cmdlet) => Caller.IsAsked(cmdlet);
}
