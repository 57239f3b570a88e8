using System;
using System.Collections.Specialized;
using System.Net;
using System.Net.Http;

namespace V2024;

/// <summary>The proxy that the session's own web requests use: the system's, automatic scripts included.</summary>
static class SystemProxy
{
    static readonly string[] Variables =
    {
        "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy",
    };

    /// <summary>Whether no variable gives a proxy, before which the system's does not count.</summary>
    internal static bool IsPossible =>
        !Array.Exists(Variables, name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    /// <summary>
    /// The proxy of each address in the library's settings, null for a direct connection. It may take seconds, while
    /// the system looks for the script.
    /// </summary>
    /// <param name="response">The settings as the library found them.</param>
    /// <returns>
    /// Null if the library already knows as much: another source gives a proxy, or there is none. Null too if the
    /// addresses cannot be used.
    /// </returns>
    internal static OrderedDictionary? Find(Response response)
    {
        if (response.Error != null) return null;
        bool isKnown = Setting(response, "Proxy", "value") != null;
        if (isKnown && Setting(response, "Proxy", "source") != "system") return null;
        IWebProxy proxy = HttpClient.DefaultProxy;
        OrderedDictionary found = new();
        bool isNeeded = isKnown;
        foreach (string name in new[] { "BaseUrl", "TokenUrl" })
        {
            string? url = Setting(response, name, "value");
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? target)) continue;
            string? address = Address(proxy, target);
            found[target.GetLeftPart(UriPartial.Authority)] = address;
            isNeeded |= address != null;
        }
        return isNeeded ? found : null;
    }

    // The proxy's address, with its user and password if it has them.
    static string? Address(IWebProxy proxy, Uri target)
    {
        Uri? address = proxy.IsBypassed(target) ? null : proxy.GetProxy(target);
        if (address == null || address == target) return null;
        if (proxy.Credentials?.GetCredential(address, "Basic") is not { UserName.Length: > 0 } login)
        {
            return address.GetLeftPart(UriPartial.Authority);
        }
        string name = login.Domain.Length > 0 ? $"{login.Domain}\\{login.UserName}" : login.UserName;
        string user = Uri.EscapeDataString(name);
        string password = Uri.EscapeDataString(login.Password);
        return $"{address.Scheme}://{user}:{password}@{address.Authority}";
    }

    static string? Setting(Response response, string name, string member)
    {
        return response.Setting(name)?.Properties[member]?.Value as string;
    }
}
