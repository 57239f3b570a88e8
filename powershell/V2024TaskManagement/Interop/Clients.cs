using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Management.Automation;

namespace V2024;

/// <summary>The settings of a session, and the library's clients that are created from them.</summary>
public sealed class Clients
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

    readonly PSModuleInfo module;
    readonly string shell;

    // The library shares token and connections between clients with the same settings. Keeping a few clients here only
    // saves reading the settings again.
    readonly Dictionary<string, ClientHandle> clients = new();

    // The notes of clients that no cmdlet has written yet.
    readonly Dictionary<ClientHandle, Response> notes = new();

    // When the access tokens from the keyring end. The sail command line may have stored new ones by then.
    readonly Dictionary<ClientHandle, DateTimeOffset> ends = new();
    object? location;
    string folder = "";

    internal Clients(PSModuleInfo module, string shell)
    {
        this.module = module;
        this.shell = shell;
    }

    /// <summary>The settings from Set-DefaultConfiguration. The library finds all others.</summary>
    public OrderedDictionary Settings { get; private set; } = new();

    /// <summary>The masked values that the session has shown.</summary>
    internal Masks Masks { get; } = new();

    /// <summary>How many clients are kept for the next calls.</summary>
    public int Count => clients.Count;

    /// <summary>
    /// The current settings, and the source of each. Beside a masked value stands what can be given back for it.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>A message with the member settings, and an error if they are invalid or incomplete.</returns>
    internal Response Show(PSCmdlet cmdlet)
    {
        Response response = NewClient(Folder(cmdlet), out ClientHandle client, seal: true);
        client.Dispose();
        return response;
    }

    /// <summary>The current settings without what only the keyring has: it is not opened.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>A message with the member settings, and an error if their addresses cannot be used.</returns>
    internal Response Outline(PSCmdlet cmdlet)
    {
        OrderedDictionary settings = Given(Folder(cmdlet), seal: false);
        Response outline = Outline(settings);
        return AddSystemProxy(settings, outline) ? Outline(settings) : outline;
    }

    /// <summary>Replaces the settings from Set-DefaultConfiguration.</summary>
    internal void Use(OrderedDictionary settings)
    {
        Settings = settings;
        Clear();
    }

    /// <summary>Frees the clients, so that the next call reads the settings again.</summary>
    public void Clear()
    {
        foreach (ClientHandle client in clients.Values) client.Dispose();
        clients.Clear();
        notes.Clear();
        ends.Clear();
    }

    /// <summary>The message with a new client's notes; null if there are none or they were taken.</summary>
    internal Response? TakeNotes(ClientHandle client)
    {
        return notes.Remove(client, out Response? response) ? response : null;
    }

    /// <summary>
    /// The client for the current settings; null if they are invalid or incomplete, and then refused has the error.
    /// </summary>
    internal ClientHandle? Find(PSCmdlet cmdlet, out Response? refused)
    {
        refused = null;
        string folder = Folder(cmdlet);
        string key = Key(folder);
        if (clients.TryGetValue(key, out ClientHandle? known))
        {
            if (!ends.TryGetValue(known, out DateTimeOffset end) || DateTimeOffset.UtcNow < end) return known;
            Remove(key, known);
        }
        Response response = NewClient(folder, out ClientHandle client);
        if (client.IsInvalid)
        {
            response.Kind = "response";
            refused = response;
            return null;
        }
        if (clients.Count >= 8) Clear();
        clients[key] = client;
        if (KeyringEnd(response) is { } keyringEnd) ends[client] = keyringEnd;
        if (response.Members.TryGetValue("notes", out object? found) && found is object[] { Length: > 0 })
        {
            response.Kind = "notes";
            notes[client] = response;
        }
        return client;
    }

    void Remove(string key, ClientHandle client)
    {
        client.Dispose();
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
        List<string?> parts = new() { folder, Written(folder, "config.json") };
        foreach (string name in Variables) parts.Add(Environment.GetEnvironmentVariable(name));
        // The library chooses one of these folders, and passes over an empty name.
        foreach (string name in new[] { "HOME", "USERPROFILE" })
        {
            string? home = Environment.GetEnvironmentVariable(name);
            if (!string.IsNullOrWhiteSpace(home)) parts.Add(Written(home, ".sailpoint/config.yaml"));
        }
        return string.Join('\n', parts);
    }

    static string Written(string folder, string file)
    {
        return File.GetLastWriteTimeUtc($"{folder}/{file}").Ticks.ToString(CultureInfo.InvariantCulture);
    }

    // The system's proxy depends on the addresses. They are asked for before, since each client reads the keyring.
    Response NewClient(string folder, out ClientHandle client, bool seal = false)
    {
        OrderedDictionary settings = Given(folder, seal);
        if (SystemProxy.IsPossible) AddSystemProxy(settings, Outline(settings));
        return ClientHandle.Create(JsonText.Terminated(settings), out client);
    }

    static Response Outline(OrderedDictionary settings) => ClientHandle.Outline(JsonText.Terminated(settings));

    static bool AddSystemProxy(OrderedDictionary settings, Response outline)
    {
        if (!SystemProxy.IsPossible || SystemProxy.Find(outline) is not { } proxy) return false;
        settings["SystemProxy"] = proxy;
        return true;
    }

    // What the library gets: the settings from Set-DefaultConfiguration, and where it finds the others.
    OrderedDictionary Given(string folder, bool seal)
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
            ["ExplicitName"] = "Set-DefaultConfiguration",
            ["SealSecrets"] = seal,
            ["UserAgent"] = $"V2024TaskManagement/{module.Version} PowerShell/{shell}",
        };
        foreach (DictionaryEntry setting in Settings)
        {
            settings[setting.Key] = Secrets.ForLibrary((string)setting.Key, setting.Value);
        }
        return settings;
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
