using System;
using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>What one import of the module keeps. It starts all calls.</summary>
public sealed unsafe class Session
{
    // What a result alone does not do for.
    static readonly string[] MoreThanAResult = { "All", "WithHttpInfo", "After", "Before" };

    /// <summary>Makes a session without settings of its own, and loads the library for it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shell">PowerShell's version.</param>
    /// <param name="onRemove">What is done when the module is removed.</param>
    /// <exception cref="DllNotFoundException">There is no library, or it cannot be loaded.</exception>
    public Session(PSModuleInfo module, SemanticVersion shell, ScriptBlock onRemove)
    {
        Library = Library.Load(module.ModuleBase);
        Clients = new Clients(Library, module, shell);
        module.OnRemove = onRemove;
    }

    /// <summary>The native library.</summary>
    public Library Library { get; }

    /// <summary>The session's settings, and the library's clients that are made from them.</summary>
    public Clients Clients { get; }

    /// <summary>Starts an operation. One that cannot be started still gives a call, whose only response is the error.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their names in PowerShell; what is not for the tenant is passed over.</param>
    /// <returns>The call. Whoever started it disposes of it.</returns>
    public Call Start(PSCmdlet cmdlet, string operation, IDictionary bound)
    {
        ActionPreference verbose = Caller.Verbose(cmdlet);
        object? target = bound["Id"] ?? bound["Ids"];
        byte[] request;
        try
        {
            request = Request.Build(operation, bound, events: verbose != ActionPreference.SilentlyContinue);
        }
        catch (ArgumentException exception)
        {
            if (exception is Request.UnsendableException unsendable) target = unsendable.Value;
            return new Call(this, cmdlet, target, verbose, Response.Refused(exception.Message));
        }
        nint client = Clients.Find(cmdlet, out Response? refused);
        if (refused != null) return new Call(this, cmdlet, target, verbose, refused);
        fixed (byte* text = request)
        {
            return new Call(this, cmdlet, target, verbose, Library.CallStart(client, text), LanguagePrimitives.IsTrue(bound["Raw"]));
        }
    }

    /// <summary>
    /// Starts an operation, and does it to its end where it is one request that goes well and leaves nothing to tell: nearly
    /// always, and in a third of the time that the same takes in script.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their names in PowerShell; what is not for the tenant is passed over.</param>
    /// <returns>The call. If it is not done, whoever started it disposes of it.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline meanwhile.</exception>
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

    /// <summary>Whether ShouldProcess has anything to ask or to tell about an update.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>Whether it has.</returns>
    public bool Asks(PSCmdlet cmdlet) => Caller.IsAsked(cmdlet);
}
