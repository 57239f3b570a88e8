using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Net;
using System.Net.Http;

namespace V2024;

/// <summary>
/// Turns the library's errors into error records: exception, fixed error id, category, target, body and hint.
/// </summary>
static class Failures
{
    // The error id and category by the error's code; for HTTP errors, by status. The ids are part of the module's
    // interface.
    static readonly Dictionary<string, (string Id, ErrorCategory Category)> Kinds = new()
    {
        ["invalid_argument"] = ("InvalidArgument", ErrorCategory.InvalidArgument),
        ["settings"] = ("InvalidSettings", ErrorCategory.InvalidOperation),
        ["authentication"] = ("AuthenticationFailed", ErrorCategory.AuthenticationError),
        ["connect"] = ("ConnectionFailed", ErrorCategory.ConnectionError),
        ["tls"] = ("TlsFailed", ErrorCategory.SecurityError),
        ["timeout"] = ("Timeout", ErrorCategory.OperationTimeout),
        ["gone"] = ("TaskGone", ErrorCategory.ObjectNotFound),
        ["cancelled"] = ("Cancelled", ErrorCategory.OperationStopped),
        ["invalid_response"] = ("InvalidResponse", ErrorCategory.InvalidResult),
        ["resources"] = ("ResourcesExhausted", ErrorCategory.ResourceUnavailable),
        ["incomplete"] = ("ListIncomplete", ErrorCategory.InvalidResult),
        ["panic"] = ("InternalError", ErrorCategory.NotSpecified),
        ["http"] = ("HttpError", ErrorCategory.InvalidOperation),
        ["http400"] = ("BadRequest", ErrorCategory.InvalidArgument),
        ["http401"] = ("Unauthorized", ErrorCategory.AuthenticationError),
        ["http403"] = ("Forbidden", ErrorCategory.PermissionDenied),
        ["http404"] = ("NotFound", ErrorCategory.ObjectNotFound),
        ["http429"] = ("TooManyRequests", ErrorCategory.LimitsExceeded),
        ["http5"] = ("ServerError", ErrorCategory.ResourceUnavailable),
    };

    // PowerShell's own exception for HTTP errors. It is in an assembly that a session loads when it first uses a
    // cmdlet of it; this loads it in any session. A reference would tie this assembly to one version of PowerShell.
    static readonly Lazy<Type> HttpResponseException = new(() => Type.GetType(
        "Microsoft.PowerShell.Commands.HttpResponseException, Microsoft.PowerShell.Commands.Utility",
        throwOnError: true)!);

    /// <summary>The record for a response that has an error.</summary>
    internal static ErrorRecord Record(Response response, object? target)
    {
        // The type is loaded for every kind of error, because PowerShell looks it up for each error that reaches a
        // catch clause that names it.
        Type http = HttpResponseException.Value;
        PSObject error = response.Error!;
        string code = Text(error, "code") ?? "";
        string message = Text(error, "message") ?? "";
        Exception exception = response.Status != 0
            ? (Exception)Activator.CreateInstance(http, message, HttpResponse(response))!
            : code switch
            {
                "invalid_argument" => new ArgumentException(message),
                "settings" or "resources" or "panic" => new InvalidOperationException(message),
                _ => new HttpRequestException(message),
            };
        (string id, ErrorCategory category) = Kind(code, response.Status);
        ErrorRecord record = Record(exception, id, category, target);
        string? hint = Text(error, "hint");
        bool hasBody = !string.IsNullOrEmpty(response.Text);
        if (hasBody || hint != null)
        {
            // ErrorDetails requires a text; without a body it is the message. PowerShell shows it for copies of the
            // record, as in a catch block: they do not have the module's view.
            record.ErrorDetails = new ErrorDetails(
                hasBody ? Printable.Body(response.Text!, response.IsJson) : message);
            Advise(record, hint);
        }
        return record;
    }

    // The hint goes into the record's details, and for Get-Error, which does not show it there, into the exception.
    static void Advise(ErrorRecord record, string? hint)
    {
        string message = record.Exception.Message;
        bool hasBody = record.ErrorDetails.Message != message;
        record.ErrorDetails.RecommendedAction = hasBody ? Advice(hint, message) : hint;
        if (hint != null) record.Exception.Data["Recommendation"] = Printable.From(hint);
    }

    // What PowerShell shows below the body of a copy: the hint, and what happened.
    static string Advice(string? hint, string message) => hint == null ? $"({message})" : $"{hint} ({message})";

    /// <summary>The hint of a record; null if it has none.</summary>
    internal static string? Hint(ErrorRecord record) =>
        Hint(record.ErrorDetails?.RecommendedAction, record.Exception.Message);

    /// <summary>The hint of a record with this recommended action and message; null if it has none.</summary>
    internal static string? Hint(string? advice, string message)
    {
        string words = $"({message})";
        if (advice == null || !advice.EndsWith(words, StringComparison.Ordinal)) return advice;
        return advice.Length == words.Length ? null : advice.Substring(0, advice.Length - words.Length - 1);
    }

    /// <summary>Adds a sentence to the record's hint.</summary>
    internal static void AddHint(ErrorRecord record, string hint)
    {
        record.ErrorDetails ??= new ErrorDetails(record.Exception.Message);
        string? before = Hint(record);
        Advise(record, string.IsNullOrEmpty(before) ? hint : $"{before}. {hint}");
    }

    /// <summary>A record that is shown by the module's own view.</summary>
    internal static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target)
    {
        ErrorRecord record = new(exception, id, category, target);
        // Without this, the category would show all members of a task.
        if (target is PSObject task && task.TypeNames.Contains("V2024.TaskStatus"))
        {
            record.CategoryInfo.TargetName = TaskWords.Text(task, "id");
            record.CategoryInfo.TargetType = "V2024.TaskStatus";
        }
        // It would show the name of the list's type.
        else if (target is IEnumerable<string> ids) record.CategoryInfo.TargetName = string.Join(", ", ids);
        record.CategoryInfo.TargetName = Printable.From(record.CategoryInfo.TargetName ?? "");
        // PowerShell keeps a type name for as long as the record exists.
        PSObject.AsPSObject(record).TypeNames.Insert(0, "V2024.ErrorRecord");
        return record;
    }

    static (string Id, ErrorCategory Category) Kind(string code, int status)
    {
        if (code == "http"
            && (Kinds.TryGetValue($"http{status}", out (string, ErrorCategory) kind)
                || Kinds.TryGetValue($"http{status / 100}", out kind)))
        {
            return kind;
        }
        // A later version of the library may have codes that this module does not know.
        return Kinds.TryGetValue(code, out kind) ? kind : Kinds["panic"];
    }

    static HttpResponseMessage HttpResponse(Response response)
    {
        HttpResponseMessage http = new((HttpStatusCode)response.Status)
        {
            Content = new StringContent(response.Text ?? ""),
        };
        http.Content.Headers.Clear();
        foreach ((string name, IEnumerable<string> given) in response.Headers)
        {
            // Get-Error shows the headers as they are.
            IEnumerable<string> values = given.Select(Printable.From);
            // .NET keeps headers of the content separately, and refuses them among the other headers.
            if (!http.Headers.TryAddWithoutValidation(name, values))
            {
                http.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }
        return http;
    }

    static string? Text(PSObject error, string member) => error.Properties[member]?.Value as string;
}
