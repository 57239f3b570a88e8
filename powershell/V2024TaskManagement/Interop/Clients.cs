using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Management.Automation;

namespace V2024;

/// <summary>The settings of a session, and the library's clients that are created from them.</summary>
public sealed unsafe class Clients
{
    // On Linux and macOS native code does not see $env:NAME = ..., and on no system does it see the session's current
    // folder, so the module passes both to the library.
    static readonly string[] Variables =
    {
        "SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET",
        "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "HOME", "USERPROFILE",
        // Where the keyring is on Linux.
        "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR",
    };

    readonly Library library;
    readonly PSModuleInfo module;
    readonly string shell;

    // The library shares token and connections between clients with the same settings. Keeping a few clients here only
    // saves reading the settings again.
    readonly Dictionary<string, nint> clients = new();

    // The notes of clients that no cmdlet has written yet.
    readonly Dictionary<nint, Response> notes = new();

    // When the access tokens from the keyring end. The sail command line may have stored new ones by then.
    readonly Dictionary<nint, DateTimeOffset> ends = new();
    object? location;
    string folder = "";

    internal Clients(Library library, PSModuleInfo module, string shell)
    {
        this.library = library;
        this.module = module;
        this.shell = shell;
    }

    /// <summary>The settings from Set-DefaultConfiguration. The library finds all others.</summary>
    public OrderedDictionary Settings { get; } = new();

    /// <summary>The masked values that the session has shown.</summary>
    internal Masks Masks { get; } = new();

    /// <summary>How many clients are kept for the next calls.</summary>
    public int Count => clients.Count;

    /// <summary>The current settings, and the source of each.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>A message with the member settings, and an error if they are invalid or incomplete.</returns>
    public Response Show(PSCmdlet cmdlet)
    {
        Response response = NewClient(Folder(cmdlet), out nint client);
        library.ClientFree(client);
        return response;
    }

    /// <summary>Frees the clients, so that the next call reads the settings again.</summary>
    public void Clear()
    {
        foreach (nint client in clients.Values) library.ClientFree(client);
        clients.Clear();
        notes.Clear();
        ends.Clear();
    }

    /// <summary>The message with a new client's notes; null if there are none or they were taken.</summary>
    internal Response? TakeNotes(nint client) => notes.Remove(client, out Response? response) ? response : null;

    /// <summary>
    /// The client for the current settings. If they are invalid or incomplete it is 0, and refused has the error.
    /// </summary>
    internal nint Find(PSCmdlet cmdlet, out Response? refused)
    {
        refused = null;
        string folder = Folder(cmdlet);
        string key = Key(folder);
        if (clients.TryGetValue(key, out nint client))
        {
            if (!ends.TryGetValue(client, out DateTimeOffset end) || DateTimeOffset.UtcNow < end) return client;
            Remove(key, client);
        }
        Response response = NewClient(folder, out client);
        if (client == 0)
        {
            response.Kind = "response";
            refused = response;
        }
        else
        {
            if (clients.Count >= 8) Clear();
            clients[key] = client;
            if (KeyringEnd(response) is { } keyringEnd) ends[client] = keyringEnd;
            if (response.Members.TryGetValue("notes", out object? found) && found is object[] { Length: > 0 })
            {
                response.Kind = "notes";
                notes[client] = response;
            }
        }
        return client;
    }

    void Remove(string key, nint client)
    {
        library.ClientFree(client);
        clients.Remove(key);
        notes.Remove(client);
        ends.Remove(client);
    }

    static DateTimeOffset? KeyringEnd(Response response)
    {
        PSObject? setting = response.Setting("TokenExpiration");
        if (setting?.Properties["source"]?.Value as string != "keyring") return null;
        string? text = setting.Properties["value"]?.Value as string;
        bool isDate = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end);
        return isDate ? end : null;
    }

    // Everything that the settings depend on.
    static string Key(string folder)
    {
        string?[] parts = new string?[Variables.Length + 4];
        for (int index = 0; index < Variables.Length; index++)
        {
            parts[index] = Environment.GetEnvironmentVariable(Variables[index]);
        }
        parts[^4] = folder;
        parts[^3] = Written(folder + "/config.json");
        // Which of them is the home folder is the library's matter.
        parts[^2] = Written(Environment.GetEnvironmentVariable("HOME") + "/.sailpoint/config.yaml");
        parts[^1] = Written(Environment.GetEnvironmentVariable("USERPROFILE") + "/.sailpoint/config.yaml");
        return string.Join('\n', parts);
    }

    static string Written(string path)
    {
        return File.GetLastWriteTimeUtc(path).Ticks.ToString(CultureInfo.InvariantCulture);
    }

    Response NewClient(string folder, out nint client)
    {
        Response response = NewClient(folder, null, out client);
        if (client == 0 || SystemProxy.Find(response) is not { } proxy) return response;
        library.ClientFree(client);
        return NewClient(folder, proxy, out client);
    }

    Response NewClient(string folder, OrderedDictionary? systemProxy, out nint client)
    {
        OrderedDictionary environment = new();
        foreach (string name in Variables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        }
        OrderedDictionary settings = new()
        {
            ["Folder"] = folder,
            ["Environment"] = environment,
            ["UserAgent"] = $"V2024TaskManagement/{module.Version} PowerShell/{shell}",
        };
        if (systemProxy != null) settings["SystemProxy"] = systemProxy;
        foreach (DictionaryEntry setting in Settings) settings[setting.Key] = setting.Value;
        nint created = 0;
        byte* json;
        fixed (byte* text = JsonText.Terminated(settings)) json = library.ClientNew(text, &created, null);
        client = created;
        try
        {
            return Response.Read(json, raw: false);
        }
        finally
        {
            library.StringFree(json);
        }
    }

    // The session's folder; null in a restricted session, such as one of JEA, that has no file system.
    static string? SessionFolder(PSCmdlet cmdlet)
    {
        try
        {
            return cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        }
        catch (SessionStateException)
        {
            return null;
        }
    }

    // The session's folder. Asking for it takes 0.1 ms, so it is asked for only when $PWD has become another object.
    string Folder(PSCmdlet cmdlet)
    {
        object? now = cmdlet.SessionState.PSVariable.GetValue("global:PWD");
        if (now == null || !ReferenceEquals(now, location))
        {
            folder = SessionFolder(cmdlet) ?? Environment.CurrentDirectory;
            location = now;
        }
        return folder;
    }
}
