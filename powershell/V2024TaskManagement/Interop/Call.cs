using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A running call of the library. It gives the call's messages one by one, until it is disposed of.</summary>
sealed class Call : IDisposable
{
    // .NET cannot interrupt a native call, so the wait for a message is cut into slices, and Ctrl+C is looked for
    // between.
    const int SliceMilliseconds = 50;

    // On processors with a large cache, .NET lets more than 100 MB of garbage build up before it collects. With a
    // collection after this many allocated bytes, a listing of 100,000 tasks takes 50 MB instead of 125, in the same
    // time.
    const long CollectAfterBytes = 8 << 20;

    readonly PSCmdlet cmdlet;
    readonly bool raw;
    readonly CallHandle? handle;
    long allocated;
    Response? waiting;

    /// <summary>A call that was refused: the refusal is its only message.</summary>
    internal Call(PSCmdlet cmdlet, object? target, Response refused)
    {
        this.cmdlet = cmdlet;
        Target = target;
        waiting = refused;
    }

    /// <summary>A call that runs. Its first message is that of the notes, if there are any.</summary>
    internal Call(PSCmdlet cmdlet, Request request, CallHandle handle, Response? notes)
    {
        this.cmdlet = cmdlet;
        Target = request.Target;
        raw = request.Raw;
        IsUntold = request is { IsChange: true, CheckOnly: false };
        this.handle = handle;
        waiting = notes;
    }

    /// <summary>The TargetObject of the call's errors: the given id or ids, or the value that cannot be sent.</summary>
    internal object? Target { get; }

    /// <summary>Whether it changes a task, and nothing has been written of what became of that.</summary>
    internal bool IsUntold { get; private set; }

    /// <summary>The response of a change, once it has come.</summary>
    internal Response? Outcome { get; private set; }

    /// <summary>What became of a change is about to be written.</summary>
    internal void Tell() => IsUntold = false;

    /// <summary>Waits for the next message, at most until a deadline.</summary>
    /// <param name="deadline">The deadline, in UTC.</param>
    /// <param name="isStopped">Whether the pipeline was stopped before. Then this waits all the same.</param>
    /// <returns>The message; null when the call is over or no message came in time.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline during the wait.</exception>
    internal Response? Next(DateTime deadline, bool isStopped = false)
    {
        Response? next = Take(deadline, isStopped);
        if (IsUntold && next is { Kind: "response" }) Outcome = next;
        // After a stop, nothing can be written of what has come.
        if (cmdlet.Stopping && !isStopped) throw new PipelineStoppedException();
        return next;
    }

    /// <summary>Lets a request that is on its way get its response, and sends nothing more.</summary>
    internal void Finish() => handle?.Finish();

    Response? Take(DateTime deadline, bool isStopped)
    {
        if (waiting is { } response)
        {
            waiting = null;
            return response;
        }
        if (handle == null) return null;
        bool isOver;
        do
        {
            double left = (deadline - DateTime.UtcNow).TotalMilliseconds;
            int slice = (int)Math.Clamp(Math.Ceiling(left), 0, SliceMilliseconds);
            using (NativeText json = handle.Next(slice, out isOver))
            {
                if (!json.IsInvalid)
                {
                    CollectGarbage();
                    return Response.Read(json.Bytes, raw);
                }
            }
        }
        while (!isOver && DateTime.UtcNow < deadline && (isStopped || !cmdlet.Stopping));
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

    /// <summary>Frees the call. A call that is not over is cancelled.</summary>
    public void Dispose() => handle?.Dispose();
}
