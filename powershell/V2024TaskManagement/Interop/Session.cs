using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Management.Automation;

namespace V2024;

/// <summary>What one import of the module keeps: the settings it was given, and the clients made from them.</summary>
public sealed unsafe class Session
{
    // Native code sees neither $env:NAME = ... (on Linux and macOS) nor the session's folder, so both are handed over.
    static readonly string[] Variables =
    {
        "SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET",
        "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "HOME", "USERPROFILE",
    };

    // What a result alone does not do for.
    static readonly string[] MoreThanAResult = { "All", "WithHttpInfo", "After", "Before" };

    // Clients with the same settings share their token and connections in the library, so the few kept here only spare
    // reading the settings again.
    readonly Dictionary<string, nint> clients = new();
    readonly PSModuleInfo module;
    readonly SemanticVersion shell;
    object? location;
    string folder = "";

    /// <summary>Makes a session without settings of its own, and loads the library for it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shell">PowerShell's version.</param>
    /// <param name="onRemove">What is done when the module is removed.</param>
    /// <exception cref="DllNotFoundException">There is no library, or it cannot be loaded.</exception>
    public Session(PSModuleInfo module, SemanticVersion shell, ScriptBlock onRemove)
    {
        Library = Library.Load(module.ModuleBase);
        this.module = module;
        this.shell = shell;
        module.OnRemove = onRemove;
    }

    /// <summary>What Set-DefaultConfiguration was given. Everything else is found by the library.</summary>
    public OrderedDictionary Settings { get; } = new();

    /// <summary>How many clients are kept.</summary>
    public int ClientCount => clients.Count;

    /// <summary>The native library.</summary>
    public Library Library { get; }

    /// <summary>Starts an operation. One that cannot be started still gives a call, whose only reply is the error.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their names in PowerShell; what is not for the tenant is passed over.</param>
    /// <returns>The call. Whoever started it disposes of it.</returns>
    public Call Start(PSCmdlet cmdlet, string operation, IDictionary bound)
    {
        ActionPreference verbose = VerbosePreference(cmdlet);
        object? target = bound["Id"] ?? bound["Ids"];
        byte[] request;
        try
        {
            request = Request.Build(operation, bound, events: verbose != ActionPreference.SilentlyContinue);
        }
        catch (ArgumentException exception)
        {
            if (exception is Request.UnsendableException unsendable) target = unsendable.Value;
            return new Call(this, cmdlet, target, verbose, Reply.Refused(exception.Message));
        }
        nint client = Client(cmdlet, out Reply? refused);
        if (refused != null) return new Call(this, cmdlet, target, verbose, refused);
        fixed (byte* text = request)
        {
            return new Call(this, cmdlet, target, verbose, Library.CallStart(client, text), LanguagePrimitives.IsTrue(bound["Raw"]));
        }
    }

    /// <summary>
    /// Starts an operation, and does it to its end where it is one request that goes well and leaves nothing to tell: nearly
    /// always, and in a third of the time that the same takes in script.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <param name="operation">The operation, as the library names it.</param>
    /// <param name="bound">Parameters by their names in PowerShell; what is not for the tenant is passed over.</param>
    /// <returns>The call. If it is not done, whoever started it disposes of it.</returns>
    /// <exception cref="PipelineStoppedException">The user stopped the pipeline meanwhile.</exception>
    public Call Run(PSCmdlet cmdlet, string operation, IDictionary bound)
    {
        Call call = Start(cmdlet, operation, bound);
        foreach (string name in MoreThanAResult)
        {
            if (bound.Contains(name)) return call;
        }
        try
        {
            call.FinishIfPlain();
        }
        catch
        {
            call.Dispose();
            throw;
        }
        return call;
    }

    /// <summary>Whether ShouldProcess has anything to ask or to tell about an update.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>Whether it has.</returns>
    public bool Asks(PSCmdlet cmdlet)
    {
        Dictionary<string, object> bound = cmdlet.MyInvocation.BoundParameters;
        PSVariableIntrinsics preferences = cmdlet.SessionState.PSVariable;
        return bound.ContainsKey("WhatIf") || bound.ContainsKey("Confirm")
            || VerbosePreference(cmdlet) != ActionPreference.SilentlyContinue
            || LanguagePrimitives.IsTrue(preferences.GetValue("WhatIfPreference"))
            || !Equals(preferences.GetValue("ConfirmPreference"), ConfirmImpact.High);
    }

    /// <summary>The settings as they are now, and where each comes from.</summary>
    /// <param name="cmdlet">The cmdlet that the user called.</param>
    /// <returns>A reply with the member settings, and an error where they do not do.</returns>
    public Reply ShowSettings(PSCmdlet cmdlet)
    {
        Reply reply = NewClient(Folder(cmdlet), out nint client);
        Library.ClientFree(client);
        return reply;
    }

    /// <summary>Frees the clients, so that the next call reads the settings again.</summary>
    public void Clear()
    {
        foreach (nint client in clients.Values) Library.ClientFree(client);
        clients.Clear();
    }

    // The client for the settings as they are now.
    nint Client(PSCmdlet cmdlet, out Reply? refused)
    {
        refused = null;
        string folder = Folder(cmdlet);
        string key = Key(folder);
        if (clients.TryGetValue(key, out nint client)) return client;
        Reply reply = NewClient(folder, out client);
        if (client == 0)
        {
            reply.Kind = "response";
            refused = reply;
        }
        else
        {
            if (clients.Count >= 8) Clear();
            clients[key] = client;
        }
        return client;
    }

    // Whatever the settings depend on.
    static string Key(string folder)
    {
        string?[] parts = new string?[Variables.Length + 3];
        for (int index = 0; index < Variables.Length; index++) parts[index] = Environment.GetEnvironmentVariable(Variables[index]);
        string? home = Environment.GetEnvironmentVariable("HOME") ?? Environment.GetEnvironmentVariable("USERPROFILE");
        parts[^3] = folder;
        parts[^2] = File.GetLastWriteTimeUtc(folder + "/config.json").Ticks.ToString();
        parts[^1] = File.GetLastWriteTimeUtc(home + "/.sailpoint/config.yaml").Ticks.ToString();
        return string.Join('\n', parts);
    }

    Reply NewClient(string folder, out nint client)
    {
        OrderedDictionary environment = new();
        foreach (string name in Variables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        }
        OrderedDictionary settings = new() { ["Folder"] = folder, ["Environment"] = environment, ["UserAgent"] = $"V2024TaskManagement/{module.Version} PowerShell/{shell}" };
        foreach (DictionaryEntry setting in Settings) settings[setting.Key] = setting.Value;
        nint made = 0;
        byte* json;
        fixed (byte* text = JsonText.Terminated(settings)) json = Library.ClientNew(text, &made, null);
        client = made;
        try
        {
            return Reply.Read(json, raw: false);
        }
        finally
        {
            Library.StringFree(json);
        }
    }

    // The session's folder. Asking for it takes a tenth of a millisecond, and $PWD is another object after each change.
    string Folder(PSCmdlet cmdlet)
    {
        object? now = cmdlet.SessionState.PSVariable.GetValue("global:PWD");
        if (now == null || !ReferenceEquals(now, location))
        {
            folder = cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
            location = now;
        }
        return folder;
    }

    // A switch of the call, or else the preference of the caller, which a module does not see by itself.
    static ActionPreference VerbosePreference(PSCmdlet cmdlet)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out object? given))
        {
            return LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
        }
        object? preference = cmdlet.SessionState.PSVariable.GetValue("VerbosePreference");
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference verbose) ? verbose : ActionPreference.SilentlyContinue;
    }
}
