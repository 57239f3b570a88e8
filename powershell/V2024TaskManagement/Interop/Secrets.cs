using System;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Security;

namespace V2024;

/// <summary>
/// Secrets among the settings. One that was given as a SecureString or a credential is kept as a NetworkCredential,
/// which encrypts it where the system can, and becomes text only for the library. PowerShell writes text that is bound
/// to a parameter to logs and transcripts.
/// </summary>
static class Secrets
{
    /// <summary>The form in which the value of Token or ClientSecret is kept; null if it is empty.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    internal static object? Keep(string name, object? value) => value switch
    {
        null or string => value,
        SecureString secure => Keep(secure),
        PSCredential credential => Keep(credential.Password),
        // Scripts written for the documented SDK give any value that has a text.
        char or Guid => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{name} must be a string, a SecureString or a PSCredential"),
    };

    /// <summary>The form in which the value of ProxyCredential is kept; null if it is empty.</summary>
    /// <exception cref="ArgumentException">The value is of another type.</exception>
    internal static object? KeepLogin(object? value) => value switch
    {
        null => value,
        string text when Masks.IsMasked(text) => value,
        PSCredential { UserName: "" } => null,
        PSCredential credential => new NetworkCredential(credential.UserName.TrimStart('\\'), credential.Password),
        NetworkCredential { UserName: "" } => throw new ArgumentException(
            "ProxyCredential needs a user name: the credentials of the Windows session cannot be used"),
        NetworkCredential { Domain.Length: > 0 } credential => new NetworkCredential(
            $"{credential.Domain}\\{credential.UserName}", credential.SecurePassword),
        NetworkCredential credential => new NetworkCredential(credential.UserName, credential.SecurePassword),
        _ => throw new ArgumentException(
            "ProxyCredential must be a PSCredential (see Get-Credential) or a NetworkCredential"),
    };

    /// <summary>The value of a setting as the library takes it.</summary>
    internal static object? ForLibrary(string name, object? value) => value switch
    {
        NetworkCredential login when name == "ProxyCredential" => new Dictionary<string, string>
        {
            ["UserName"] = login.UserName, ["Password"] = login.Password,
        },
        NetworkCredential secret => secret.Password,
        _ => value,
    };

    static NetworkCredential? Keep(SecureString? secure)
    {
        return secure is not { Length: > 0 } ? null : new NetworkCredential("", secure);
    }
}
