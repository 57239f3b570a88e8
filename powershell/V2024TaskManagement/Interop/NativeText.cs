using System;
using System.Runtime.InteropServices;

namespace V2024;

/// <summary>A text that the library returned, freed when it is disposed of.</summary>
sealed class NativeText : SafeHandle
{
    /// <summary>Creates a handle; the import of a function does.</summary>
    public NativeText() : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The bytes of the text, without the NUL at its end. They are valid until it is disposed of.</summary>
    internal unsafe ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)handle);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        v2024_string_free(handle);
        return true;
    }

    [DllImport(Library.Name)]
    static extern void v2024_string_free(nint text);
}
