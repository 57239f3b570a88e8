using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A running call of the library. It gives the call's messages one by one, until it is disposed of.</summary>
sealed unsafe class Call : IDisposable
{
    // .NET cannot interrupt a native call, so the wait for a message is cut into slices, and Ctrl+C is looked for
    // between.
    const int SliceMilliseconds = 50;
    const int Over = 0;

    // On processors with a large cache, .NET lets more than 100 MB of garbage build up before it collects. With a
    // collection after this many allocated bytes, a listing of 100,000 tasks takes 50 MB instead of 125, in the same
    // time.
    const long CollectAfterBytes = 8 << 20;

    readonly Library library;
    readonly PSCmdlet cmdlet;
    readonly bool raw;
    nint handle;
    long allocated;
    Response? waiting;

    Call(Session session, PSCmdlet cmdlet, object? target)
    {
        library = session.Library;
        this.cmdlet = cmdlet;
        Target = target;
    }

    internal Call(Session session, PSCmdlet cmdlet, object? target, Response refused)
        : this(session, cmdlet, target) => waiting = refused;

    internal Call(
        Session session, PSCmdlet cmdlet, object? target,
        nint handle, bool raw, Response? notes)
        : this(session, cmdlet, target)
    {
        this.handle = handle;
        this.raw = raw;
        waiting = notes;
    }

    /// <summary>The TargetObject of the call's errors: the given id or ids, or the value that cannot be sent.</summary>
    internal object? Target { get; }

    /// <summary>Waits for the next message, at most until a deadline.</summary>
    /// <param name="deadline">The deadline, in UTC.</param>
    /// <returns>The message; null when the call is over or no message came in time.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline during the wait.</exception>
    internal Response? Next(DateTime deadline)
    {
        if (waiting is { } response)
        {
            waiting = null;
            return response;
        }
        int state;
        do
        {
            double left = (deadline - DateTime.UtcNow).TotalMilliseconds;
            byte* json = library.CallNext(handle, (int)Math.Clamp(left, 1, SliceMilliseconds), &state);
            if (json != null)
            {
                try
                {
                    CollectGarbage();
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

    // The first pages cause no collection: most calls have only one page.
    void CollectGarbage()
    {
        long now = GC.GetAllocatedBytesForCurrentThread();
        if (allocated == 0) allocated = now;
        if (now - allocated < CollectAfterBytes) return;
        allocated = now;
        GC.Collect(1);
    }

    /// <summary>Frees the call. A call that is not over is cancelled: it sends no further request.</summary>
    public void Dispose()
    {
        library.CallFree(handle);
        handle = 0;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees a call whose pipeline was stopped before the script could dispose of it.</summary>
    ~Call() => library.CallFree(handle);
}
