using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net;

namespace V2024;

/// <summary>Reads and changes the session's settings.</summary>
public sealed class Configuration : Invocation
{
    // The settings that Set-DefaultConfiguration takes and Get-DefaultConfiguration shows, in that order.
    static readonly string[] Names =
    {
        "BaseUrl", "NermBaseUrl", "Token", "TokenExpiration", "TokenUrl", "ClientId", "ClientSecret",
        "MaximumRetryCount", "RetryIntervalSeconds", "Experimental", "Proxy", "ProxyCredential",
        "ConsumerIdentifier", "ConsumerVersion",
        "TimeoutSeconds", "ConnectTimeoutSeconds", "AttemptTimeoutSeconds", "PagesAhead", "ApiVersion",
        "CertificateAuthority", "AllowHttp",
    };

    /// <summary>The parameters of Set-DefaultConfiguration.</summary>
    internal static readonly string[] Known = Names.Append("Credential").Append("PassThru").ToArray();

    internal Configuration(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>
    /// Writes the current settings with secrets masked; null for settings without a value. The verbose messages name
    /// their sources, and what is missing.
    /// </summary>
    public void Show()
    {
        Response response = Session.Clients.Show(Outer);
        Masks.Shown shown = new() { Proxy = Value(response, "Proxy") as string };
        OrderedDictionary current = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in Names)
        {
            PSObject? setting = response.Setting(name);
            object? value = setting?.Properties["value"]?.Value;
            string? sealedSecret = setting?.Properties["sealed"]?.Value as string;
            if (value == null && sealedSecret != null) shown.Unset[name] = sealedSecret;
            current[name] = value is string text && IsRemembered(name, text)
                ? Session.Clients.Masks.Show(text, sealedSecret, shown) : value;
            if (value != null) Tell($"{name} comes from: {setting!.Properties["source"]?.Value}");
        }
        WriteNotes(response);
        if (response.Error is { } error) Tell($"{error.Properties["message"]?.Value}");
        Outer.WriteObject(current);
    }

    // Whether a value is known again when it is given back: BaseUrl too, for settings without any secret.
    static bool IsRemembered(string name, string text) => name == "BaseUrl" || Masks.IsMasked(text);

    /// <summary>Changes the given settings. If one is refused, none changes.</summary>
    public void Change()
    {
        OrderedDictionary given;
        try
        {
            given = Changes();
        }
        catch (ArgumentException exception)
        {
            Refuse(exception.Message);
            return;
        }
        OrderedDictionary settings = new();
        foreach (DictionaryEntry setting in Session.Clients.Settings) settings[setting.Key] = setting.Value;
        foreach (DictionaryEntry setting in given)
        {
            // An empty value removes the setting, so that the environment and the files take effect again.
            if (setting.Value is null or "") settings.Remove(setting.Key);
            else settings[setting.Key] = setting.Value;
        }
        Session.Clients.Use(settings);
        if (Given.Is("PassThru")) Show();
    }

    // The current value of a setting that is no secret.
    // What PowerShell makes of a dictionary, a list or an object where it needs a text.
    static bool IsOfObject(string text) =>
        text.StartsWith("@{", StringComparison.Ordinal)
        || text.StartsWith("System.Collections.", StringComparison.Ordinal)
        || text is "System.Object[]";

    string? Current(string name) => Value(Session.Clients.Outline(Outer), name) as string;

    static object? Value(Response response, string name) => response.Setting(name)?.Properties["value"]?.Value;

    // The settings to change.
    OrderedDictionary Changes()
    {
        OrderedDictionary given = new();
        foreach (string name in Names)
        {
            if (Given.Has(name)) given[name] = Given[name];
        }
        foreach (DictionaryEntry setting in given)
        {
            if (setting.Value is not string text) continue;
            JsonText.Whole(text);
            if ((string)setting.Key is not ("Token" or "ClientSecret") && IsOfObject(text))
            {
                // The text is not repeated: it may have a secret.
                throw new ArgumentException(
                    $"{setting.Key} was given an object instead of a text. To give back saved settings, write "
                    + "Set-DefaultConfiguration @settings, with an @ instead of the $");
            }
        }
        foreach (string name in new[] { "TimeoutSeconds", "ConnectTimeoutSeconds", "AttemptTimeoutSeconds" })
        {
            if (given[name] is double seconds && !double.IsFinite(seconds))
            {
                throw new ArgumentException($"{name} must be a number of seconds");
            }
        }
        foreach (string name in new[] { "Token", "ClientSecret" })
        {
            if (given.Contains(name)) given[name] = Secrets.Keep(name, given[name]);
        }
        if (Given.Has("Credential")) AddCredential(given, Given["Credential"]);
        if (given.Contains("ProxyCredential")) given["ProxyCredential"] = Secrets.KeepLogin(given["ProxyCredential"]);
        if (given["CertificateAuthority"] is string { Length: > 0 } path)
        {
            given["CertificateAuthority"] = FilePath("CertificateAuthority", path);
        }
        AddProxy(given);
        Restore(given);

        // The default token URL of this BaseUrl is not stored. Otherwise a later BaseUrl would be used with it.
        if (given["TokenUrl"] is string { Length: > 0 } url)
        {
            string? address = given["BaseUrl"] is string { Length: > 0 } now ? now : Current("BaseUrl");
            if (url.Equals($"{address?.TrimEnd('/')}/oauth/token", StringComparison.OrdinalIgnoreCase))
            {
                given["TokenUrl"] = null;
            }
        }
        return given;
    }

    // The file that a PowerShell path means: it may begin with ~ or the name of a drive or provider.
    string FilePath(string name, string path)
    {
        ProviderInfo provider;
        string file;
        try
        {
            file = Outer.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path.Trim(), out provider, out _);
        }
        catch (SessionStateException) when (Path.IsPathRooted(path))
        {
            // A restricted session may have no drives.
            return path;
        }
        catch (SessionStateException exception)
        {
            throw new ArgumentException($"{name} is not the path of a file: {exception.Message}", exception);
        }
        if (provider.Name == "FileSystem") return file;
        throw new ArgumentException($"{name} is not the path of a file, but of the provider {provider.Name}");
    }

    // Replaces the masks in the output of Get-DefaultConfiguration, given back, by what they stand for.
    void Restore(OrderedDictionary given)
    {
        Masks masks = Session.Clients.Masks;
        List<Masks.Shown> shown = new();
        foreach (string name in Names)
        {
            Masks.Meaning? meaning = masks.Find(given[name]);
            if (meaning != null) shown.Add(meaning.Shown);
            if (!Masks.IsMasked(given[name])) continue;
            given[name] = meaning?.Sealed ?? throw new ArgumentException(
                $"{name} is masked: give the secret itself, or the settings as this session's "
                + "Get-DefaultConfiguration returned them");
        }
        // All settings were given back. A secret that they did not have must not come from elsewhere now.
        if (!Names.All(given.Contains)) return;
        foreach (string name in Names)
        {
            if (given[name] is not (null or "")) continue;
            given[name] = shown.Select(settings => settings.Unset.GetValueOrDefault(name)).FirstOrDefault();
        }
    }

    static void AddCredential(OrderedDictionary given, object? value)
    {
        if (given.Contains("ClientId") || given.Contains("ClientSecret"))
        {
            throw new ArgumentException("Credential stands for ClientId and ClientSecret: give it, or those");
        }
        if (value != null && value is not PSCredential)
        {
            throw new ArgumentException("Credential must be a PSCredential (see Get-Credential)");
        }
        given["ClientId"] = (value as PSCredential)?.UserName;
        given["ClientSecret"] = Secrets.Keep("Credential", value);
    }

    void AddProxy(OrderedDictionary given)
    {
        object? proxy = given["Proxy"];
        object? credential = given["ProxyCredential"];
        Masks.Meaning? meaning = Session.Clients.Masks.Find(credential);
        if (!given.Contains("Proxy"))
        {
            if (meaning == null || meaning.Shown.Proxy == Current("Proxy")) return;
            throw new ArgumentException("ProxyCredential belongs to another proxy: give back its Proxy, too");
        }
        if (proxy is IWebProxy web)
        {
            Uri target = Target(given);
            Uri? address = web.IsBypassed(target) ? null : web.GetProxy(target);
            given["Proxy"] = address?.ToString();
            if (credential is not NetworkCredential) given["ProxyCredential"] = null;
            if (address != null && web.Credentials?.GetCredential(address, "Basic") is { } found)
            {
                given["ProxyCredential"] = Secrets.KeepLogin(found);
            }
            return;
        }
        if (proxy is not (null or string or Uri))
        {
            throw new ArgumentException("Proxy must be an address or a System.Net.WebProxy");
        }
        string? text = proxy as string ?? proxy?.ToString();
        given["Proxy"] = text;
        // A new proxy drops the old proxy's credential, and a mask stands for one only with the proxy of then.
        bool isKept = meaning == null
            ? credential is NetworkCredential || Masks.IsMasked(credential)
            : meaning.Shown.Proxy == text
                && (!Masks.IsMasked(text) || Session.Clients.Masks.Find(text)?.Shown == meaning.Shown);
        if (!isKept) given["ProxyCredential"] = null;
    }

    // An address of the tenant, which decides whether a proxy applies.
    Uri Target(OrderedDictionary given)
    {
        string address = "identitynow.com";
        foreach (object? candidate in new[]
        {
            given["BaseUrl"], Session.Clients.Settings["BaseUrl"], Environment.GetEnvironmentVariable("SAIL_BASE_URL"),
        })
        {
            if (candidate is not string { Length: > 0 } text) continue;
            address = text.Trim();
            break;
        }
        return new Uri(address.Contains("://", StringComparison.Ordinal) ? address : $"https://{address}");
    }
}
