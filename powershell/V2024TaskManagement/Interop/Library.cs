using System;
using System.Collections.Concurrent;
using System.IO;
using System.Runtime.InteropServices;

namespace V2024;

/// <summary>The native library and the functions of it that the module calls.</summary>
public sealed unsafe class Library
{
    static readonly ConcurrentDictionary<string, Library> Loaded = new();

    internal readonly delegate* unmanaged[Cdecl]<byte*, nint*, int*, byte*> ClientNew;
    internal readonly delegate* unmanaged[Cdecl]<nint, void> ClientFree;
    internal readonly delegate* unmanaged[Cdecl]<nint, byte*, nint> CallStart;
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int*, byte*> CallNext;
    internal readonly delegate* unmanaged[Cdecl]<nint, void> CallFree;
    internal readonly delegate* unmanaged[Cdecl]<byte*, void> StringFree;

    Library(string path)
    {
        Path = path;
        nint library = NativeLibrary.Load(path);
        ClientNew = (delegate* unmanaged[Cdecl]<byte*, nint*, int*, byte*>)Export("v2024_client_new");
        ClientFree = (delegate* unmanaged[Cdecl]<nint, void>)Export("v2024_client_free");
        CallStart = (delegate* unmanaged[Cdecl]<nint, byte*, nint>)Export("v2024_call_start");
        CallNext = (delegate* unmanaged[Cdecl]<nint, int, int*, byte*>)Export("v2024_call_next");
        CallFree = (delegate* unmanaged[Cdecl]<nint, void>)Export("v2024_call_free");
        StringFree = (delegate* unmanaged[Cdecl]<byte*, void>)Export("v2024_string_free");

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>The path of the library.</summary>
    public string Path { get; }

    /// <summary>Loads a module's library for this platform, once per process.</summary>
    /// <param name="module">The module's folder.</param>
    /// <returns>The library.</returns>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded.</exception>
    public static Library Load(string module)
    {
        string platform = RuntimeInformation.RuntimeIdentifier;
        // For those who build the library themselves.
        string? path = Environment.GetEnvironmentVariable("V2024_LIBRARY_PATH");
        if (!string.IsNullOrEmpty(path)) path = System.IO.Path.GetFullPath(path);
        else
        {
            // .NET as built by a Linux distribution says for example fedora.42-x64 or alpine.3.22-x64.
            if (!Directory.Exists($"{module}/runtimes/{platform}"))
            {
                string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                    : platform.Contains("musl") || platform.Contains("alpine") ? "linux-musl" : "linux";
                platform = $"{system}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
            }
            string name = OperatingSystem.IsWindows() ? "v2024_task_management.dll"
                : OperatingSystem.IsMacOS() ? "libv2024_task_management.dylib" : "libv2024_task_management.so";
            path = System.IO.Path.Join(module, "runtimes", platform, "native", name);
        }
        try
        {
            return Loaded.GetOrAdd(path, static path => new Library(path));
        }
        catch (Exception exception) when (exception
            is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            // .NET's message is a page of advice; only its last line has the reason from the operating system, and in
            // .NET 11 not even that if the file is missing.
            string reason = File.Exists(path) ? exception.Message.Trim().Split('\n')[^1] : "No such file or directory";
            throw new DllNotFoundException(
                $"V2024TaskManagement needs its native library for {platform} and cannot load {path}: {reason}");
        }
    }
}
