using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A running call of the library: its responses one by one, until it is disposed of.</summary>
public sealed unsafe class Call : IDisposable
{
    // Ctrl+C is not seen inside a native call, so that it is waited for in slices.
    const int SliceMilliseconds = 50;
    const int Over = 0;

    // Where the processor's cache is large, .NET lets garbage pile up to a hundred MB and more before it looks. A listing of
    // 100,000 tasks takes 50 MB with this and 125 without, and no more time.
    const long PiledUp = 8 << 20;

    readonly Library library;
    readonly PSCmdlet cmdlet;
    readonly bool raw;
    nint handle;
    long allocated;
    Response? waiting;

    Call(Session session, PSCmdlet cmdlet, object? target, ActionPreference verbose)
    {
        library = session.Library;
        this.cmdlet = cmdlet;
        Target = target;
        Verbose = verbose;
    }

    internal Call(Session session, PSCmdlet cmdlet, object? target, ActionPreference verbose, Response refused)
        : this(session, cmdlet, target, verbose) => waiting = refused;

    internal Call(Session session, PSCmdlet cmdlet, object? target, ActionPreference verbose, nint handle, bool raw)
        : this(session, cmdlet, target, verbose)
    {
        this.handle = handle;
        this.raw = raw;
    }

    /// <summary>What an error is about: the id or ids that were given, or what of it all cannot be sent.</summary>
    public object? Target { get; }

    /// <summary>The caller's preference for what the library tells of its doings.</summary>
    public ActionPreference Verbose { get; }

    /// <summary>Whether the call is over already, with Result.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The result of a call that is done.</summary>
    public object? Result { get; private set; }

    /// <summary>Waits for the next response until a time.</summary>
    /// <param name="deadline">The time, in UTC.</param>
    /// <returns>The response; null when the call is over or nothing came in time.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline meanwhile.</exception>
    public Response? Next(DateTime deadline)
    {
        if (waiting is { } response)
        {
            waiting = null;
            return response;
        }
        int state;
        do
        {
            byte* json = library.CallNext(handle, SliceMilliseconds, &state);
            if (json != null)
            {
                try
                {
                    Tidy();
                    return Response.Read(json, raw);
                }
                finally
                {
                    library.StringFree(json);
                }
            }
            if (cmdlet.Stopping) throw new PipelineStoppedException();
        }
        while (state != Over && DateTime.UtcNow < deadline);
        return null;
    }

    // Leaves the first pages alone: most calls have one.
    void Tidy()
    {
        long now = GC.GetAllocatedBytesForCurrentThread();
        if (allocated == 0) allocated = now;
        if (now - allocated < PiledUp) return;
        allocated = now;
        GC.Collect(1);
    }

    /// <summary>Waits for the first response. If it is a result with nothing else to tell, the call is done; else Next gives it.</summary>
    internal void FinishIfPlain()
    {
        Response? response = Next(DateTime.MaxValue);
        object? result = raw ? response?.Text : response?.Body;
        if (result == null || !response!.IsPlain)
        {
            waiting = response;
            return;
        }
        Result = result;
        IsDone = true;
        Dispose();
    }

    /// <summary>Frees the call and, where it is not over, cancels it: nothing more is sent.</summary>
    public void Dispose()
    {
        library.CallFree(handle);
        handle = 0;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees a call that the pipeline was stopped around, before a script could.</summary>
    ~Call() => library.CallFree(handle);
}
