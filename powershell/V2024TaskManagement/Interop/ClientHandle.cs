using System.Runtime.InteropServices;

namespace V2024;

/// <summary>A client of the library. Calls that run when it is freed go on to their end.</summary>
sealed class ClientHandle : SafeHandle
{
    /// <summary>Creates a handle; the import of a function does.</summary>
    public ClientHandle() : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Creates a client from settings.</summary>
    /// <param name="settings">The settings, as NUL-terminated JSON.</param>
    /// <param name="client">The client; invalid if the settings are wrong or incomplete.</param>
    /// <returns>The message with the settings and, if there is no client, the error.</returns>
    internal static Response Create(byte[] settings, out ClientHandle client)
    {
        using NativeText json = v2024_client_new(settings, out client, status: 0);
        return Response.Read(json.Bytes, raw: false);
    }

    /// <summary>Shows the settings that a client would have, without one. The keyring is not opened.</summary>
    /// <param name="settings">The settings, as NUL-terminated JSON.</param>
    /// <returns>The message with the settings and, if their addresses cannot be used, the error.</returns>
    internal static Response Outline(byte[] settings)
    {
        using NativeText json = v2024_settings_outline(settings, status: 0);
        return Response.Read(json.Bytes, raw: false);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        v2024_client_free(handle);
        return true;
    }

    [DllImport(Library.Name)]
    static extern NativeText v2024_client_new(byte[] settings, out ClientHandle client, nint status);

    [DllImport(Library.Name)]
    static extern NativeText v2024_settings_outline(byte[] settings, nint status);

    [DllImport(Library.Name)]
    static extern void v2024_client_free(nint client);
}
