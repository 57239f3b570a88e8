using System;
using System.IO;
using System.Runtime.InteropServices;

namespace V2024;

/// <summary>
/// The native library. ClientHandle, CallHandle and NativeText import its functions by the name <c>v2024</c>.
/// </summary>
public sealed class Library
{
    internal const string Name = "v2024";

    static readonly object Loading = new();
    static Library? loaded;

    readonly nint handle;

    Library(string path, nint handle)
    {
        Path = path;
        this.handle = handle;
    }

    /// <summary>The path of the library.</summary>
    public string Path { get; }

    /// <summary>
    /// Loads the library for this platform. A copy of this assembly, and so of the module, has only one in a process.
    /// </summary>
    /// <param name="module">The module's folder.</param>
    /// <returns>The library.</returns>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded.</exception>
    internal static Library Load(string module)
    {
        lock (Loading)
        {
            if (loaded != null) return loaded;
            string platform = Platform(module);
            string path = PathFor(module, platform);
            Library library;
            try
            {
                library = new Library(path, NativeLibrary.Load(path));
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                // .NET's message is advice; the reason from the operating system is in a line of its own below it. .NET
                // 11 sometimes leaves it out.
                string[] lines = exception.Message.Trim().Split('\n');
                string reason = !File.Exists(path) ? "No such file or directory"
                    : lines.Length > 1 ? lines[^1] : "it may be damaged, or for another platform";
                throw new DllNotFoundException(
                    $"V2024TaskManagement needs its native library for {platform} and cannot load {path}: {reason}");
            }
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (_, _, _) => library.handle);
            return loaded = library;
        }
    }

    // .NET as built by a Linux distribution says for example fedora.42-x64 or alpine.3.22-x64.
    static string Platform(string module)
    {
        string platform = RuntimeInformation.RuntimeIdentifier;
        if (Directory.Exists($"{module}/runtimes/{platform}")) return platform;
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
            : platform.Contains("musl") || platform.Contains("alpine") ? "linux-musl" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
    }

    static string PathFor(string module, string platform)
    {
        // For those who build the library themselves.
        string? own = Environment.GetEnvironmentVariable("V2024_LIBRARY_PATH");
        if (!string.IsNullOrEmpty(own))
        {
            if (System.IO.Path.IsPathFullyQualified(own)) return System.IO.Path.GetFullPath(own);
            // It would be a file of the current folder, which may be anybody's.
            throw new DllNotFoundException(
                "V2024_LIBRARY_PATH must be an absolute path: set it to that of the library, or remove it");
        }
        string name = OperatingSystem.IsWindows() ? "v2024_task_management.dll"
            : OperatingSystem.IsMacOS() ? "libv2024_task_management.dylib" : "libv2024_task_management.so";
        return System.IO.Path.Join(module, "runtimes", platform, "native", name);
    }
}
