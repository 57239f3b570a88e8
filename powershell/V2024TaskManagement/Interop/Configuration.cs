using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using System.Net;
using System.Security;

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
        "TimeoutSeconds", "ConnectTimeoutSeconds", "AttemptTimeoutSeconds", "ApiVersion", "CertificateAuthority",
        "AllowHttp",
    };

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
        OrderedDictionary current = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in Names)
        {
            PSObject? setting = response.Setting(name);
            object? value = setting?.Properties["value"]?.Value;
            current[name] = Masks.IsMasked(value) ? Mask(response, name, (string)value!) : value;
            if (setting != null) Tell($"{name} comes from: {setting.Properties["source"]?.Value}");
        }
        WriteNotes(response);
        if (response.Error is { } error) Tell($"{error.Properties["message"]?.Value}");
        Outer.WriteObject(current);
    }

    /// <summary>Changes the given settings. If one is refused, none changes.</summary>
    public void Change()
    {
        OrderedDictionary given;
        try
        {
            given = Settings();
        }
        catch (ArgumentException exception)
        {
            Refuse(exception.Message);
            return;
        }
        OrderedDictionary settings = Session.Clients.Settings;
        foreach (DictionaryEntry setting in given)
        {
            // An empty value removes the setting, so that the environment and the files take effect again.
            if (setting.Value is null or "") settings.Remove(setting.Key);
            else settings[setting.Key] = setting.Value;
        }
        Session.Clients.Clear();
        if (Given.Is("PassThru")) Show();
    }

    // The current value of a setting, masked if it is secret.
    string? Current(string name)
    {
        return Session.Clients.Show(Outer).Setting(name)?.Properties["value"]?.Value as string;
    }

    // The settings to change.
    OrderedDictionary Settings()
    {
        OrderedDictionary given = new();
        foreach (string name in Names)
        {
            if (Given.Has(name)) given[name] = Given[name];
        }
        foreach (DictionaryEntry setting in given)
        {
            if (setting.Value is string text) JsonText.Whole(text);
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
            if (given.Contains(name)) given[name] = Secret(name, given[name]);
        }
        if (Given.Has("Credential")) AddCredential(given, Given["Credential"]);
        if (given.Contains("ProxyCredential")) given["ProxyCredential"] = ProxyCredential(given["ProxyCredential"]);
        if (given["CertificateAuthority"] is string { Length: > 0 } path)
        {
            given["CertificateAuthority"] = FilePath("CertificateAuthority", path);
        }
        AddProxy(given);
        foreach (string name in Names)
        {
            if (!Masks.IsMasked(given[name])) continue;
            // The output of Get-DefaultConfiguration, given back.
            Masks.Meaning meaning = Session.Clients.Masks.Find(given[name]) ?? throw new ArgumentException(
                $"{name} is masked: give the secret itself, or the settings as this session's "
                + "Get-DefaultConfiguration returned them");
            given[name] = meaning.Value;
        }

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
        NetworkCredential? credential = (value as PSCredential)?.GetNetworkCredential();
        given["ClientId"] = (value as PSCredential)?.UserName;
        given["ClientSecret"] = credential?.Password;
    }

    void AddProxy(OrderedDictionary given)
    {
        if (!given.Contains("Proxy")) return;
        object? proxy = given["Proxy"];
        object? credential = given["ProxyCredential"];
        if (proxy is IWebProxy web)
        {
            Uri target = Target(given);
            Uri? address = web.IsBypassed(target) ? null : web.GetProxy(target);
            given["Proxy"] = address?.ToString();
            if (ReferenceEquals(web.Credentials, CredentialCache.DefaultCredentials)) throw Integrated("Proxy");
            if (credential is not IDictionary) given["ProxyCredential"] = null;
            if (address != null && web.Credentials?.GetCredential(address, "Basic") is { } found)
            {
                given["ProxyCredential"] = UserPassword(found);
            }
            return;
        }
        if (proxy is not (null or string or Uri))
        {
            throw new ArgumentException("Proxy must be an address or a System.Net.WebProxy");
        }
        string? text = proxy as string ?? proxy?.ToString();
        given["Proxy"] = text;
        // A new proxy drops the old proxy's credential. A masked credential is kept only for the same proxy.
        if (credential is IDictionary || Masks.IsMasked(text)) return;
        if (Session.Clients.Masks.Find(credential) is { } meaning ? meaning.Proxy == text : Masks.IsMasked(credential))
        {
            return;
        }
        given["ProxyCredential"] = null;
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

    // A secret, which is documented as a string, can also be a SecureString, or a credential's password.
    static object? Secret(string name, object? value) => value switch
    {
        null or string => value,
        SecureString secure => new NetworkCredential("", secure).Password,
        PSCredential credential => credential.GetNetworkCredential().Password,
        // Scripts written for the documented SDK give any value that has a text.
        char or Guid => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{name} must be a string, a SecureString or a PSCredential"),
    };

    static object? ProxyCredential(object? value) => value switch
    {
        null => value,
        string text when Masks.IsMasked(text) => value,
        PSCredential credential => UserPassword(credential.GetNetworkCredential()),
        _ when ReferenceEquals(value, CredentialCache.DefaultCredentials) => throw Integrated("ProxyCredential"),
        NetworkCredential credential => UserPassword(credential),
        _ => throw new ArgumentException(
            "ProxyCredential must be a PSCredential (see Get-Credential) or a NetworkCredential"),
    };

    // The user's own logon, which only Windows itself can send to a proxy.
    static ArgumentException Integrated(string name)
    {
        return new ArgumentException(
            $"{name} has the integrated credentials (DefaultCredentials), which this client cannot send: give a user "
            + "name and password, or run a helper such as px or cntlm and give its address as Proxy");
    }

    static Dictionary<string, string> UserPassword(NetworkCredential credential) => new()
    {
        ["UserName"] = FullName(credential),
        ["Password"] = credential.Password,
    };

    /// <summary>The user name, with its domain if it has one.</summary>
    internal static string FullName(NetworkCredential credential)
    {
        return credential.Domain.Length > 0 ? $"{credential.Domain}\\{credential.UserName}" : credential.UserName;
    }

    // A masked value that stands for the setting as it is now.
    string Mask(Response response, string name, string masked)
    {
        string? proxy = response.Setting("Proxy")?.Properties["value"]?.Value as string;
        return Session.Clients.Masks.Show(masked, Session.Clients.Settings[name], proxy);
    }
}
