using System.Runtime.InteropServices;

namespace V2024;

/// <summary>
/// A running call of the library. Freeing it cancels a call that is not over: it sends no further request. The garbage
/// collector does so when a pipeline was stopped before the script could dispose of the call.
/// </summary>
sealed class CallHandle : SafeHandle
{
    /// <summary>Creates a handle; the import of a function does.</summary>
    public CallHandle() : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Starts a request, as NUL-terminated JSON. If it cannot start, its only message is the error.</summary>
    internal static CallHandle Start(ClientHandle client, byte[] request) => v2024_call_start(client, request);

    /// <summary>Waits for the next message.</summary>
    /// <param name="milliseconds">How long to wait.</param>
    /// <param name="isOver">Whether the call is over.</param>
    /// <returns>The message; invalid if the call is over or none came in time.</returns>
    internal NativeText Next(int milliseconds, out bool isOver)
    {
        const int Over = 0;
        NativeText message = v2024_call_next(this, milliseconds, out int state);
        isOver = state == Over;
        return message;
    }

    /// <summary>Lets requests that are on their way get their responses, and sends nothing more.</summary>
    internal void Finish() => v2024_call_finish(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        v2024_call_free(handle);
        return true;
    }

    [DllImport(Library.Name)]
    static extern CallHandle v2024_call_start(ClientHandle client, byte[] request);

    [DllImport(Library.Name)]
    static extern NativeText v2024_call_next(CallHandle call, int milliseconds, out int state);

    [DllImport(Library.Name)]
    static extern void v2024_call_finish(CallHandle call);

    [DllImport(Library.Name)]
    static extern void v2024_call_free(nint call);
}
