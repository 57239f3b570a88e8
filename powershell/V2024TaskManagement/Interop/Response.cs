using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;
using System.Text.Json;

namespace V2024;

/// <summary>
/// A message of the library: a response of the tenant, an event of a running call, or a client's settings.
/// </summary>
public sealed class Response
{
    byte[] headers = "{}"u8.ToArray();

    /// <summary>The kind: response, retry, request, progress or notes; null for a client's settings.</summary>
    public string? Kind { get; internal set; }

    /// <summary>The HTTP status; 0 if no response came from the tenant.</summary>
    public int Status { get; private set; }

    /// <summary>The body as objects, if it is JSON and the call succeeded.</summary>
    public object? Body { get; set; }

    /// <summary>The body as the tenant sent it, for errors, text that is not JSON, and -Raw; otherwise null.</summary>
    public string? Text { get; private set; }

    /// <summary>Whether the body is JSON.</summary>
    internal bool IsJson { get; private set; }

    /// <summary>The error: code, message and sometimes hint; null for a success.</summary>
    public PSObject? Error { get; private set; }

    /// <summary>
    /// The header X-Deprecated, with which the tenant announces the end of a part of its API; null if absent.
    /// </summary>
    public string? Deprecation =>
        headers.AsSpan().IndexOf("\"x-deprecated\":"u8) >= 0
        && Headers.TryGetValue("x-deprecated", out IEnumerable<string>? values)
            ? string.Join(", ", values)
            : null;

    /// <summary>The header X-Total-Count; null if there is none.</summary>
    internal string? TotalText =>
        Headers.TryGetValue("X-Total-Count", out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    /// <summary>The number in the header X-Total-Count, an int or a long; null if there is none.</summary>
    internal object? TotalCount
    {
        get
        {
            // A gateway may repeat it.
            string[] totals = TotalText?.Split(',', StringSplitOptions.TrimEntries).Distinct().ToArray()
                ?? Array.Empty<string>();
            if (totals.Length != 1) return null;
            if (!long.TryParse(totals[0], NumberStyles.None, CultureInfo.InvariantCulture, out long count)) return null;
            return count <= int.MaxValue ? (object)(int)count : count;
        }
    }

    /// <summary>The body's objects, if it is a list.</summary>
    internal IList? List => Parameters.Plain(Body) as IList;

    /// <summary>All other members.</summary>
    public Dictionary<string, object?> Members { get; } = new();

    /// <summary>A setting's value and source, in a message with a client's settings.</summary>
    internal PSObject? Setting(string name)
    {
        return (Members["settings"] as PSObject)?.Properties[name]?.Value as PSObject;
    }

    /// <summary>The response's headers, found in any case; the value of each is an array of strings.</summary>
    public Dictionary<string, IEnumerable<string>> Headers
    {
        get
        {
            Dictionary<string, IEnumerable<string>> table = new(StringComparer.OrdinalIgnoreCase);
            JsonCursor cursor = new(headers);
            cursor.Enter();
            while (!cursor.Leave('}'))
            {
                string name = cursor.TakeText();
                List<string> values = new();
                if (cursor.Peek() == '"') values.Add(cursor.TakeText());
                else
                {
                    cursor.Enter();
                    while (!cursor.Leave(']')) values.Add(cursor.TakeText());
                }
                table[name] = values.ToArray();
            }
            return table;
        }
    }

    /// <summary>The error for an argument that the module refuses before it calls the library.</summary>
    /// <param name="message">What is wrong with the argument.</param>
    /// <returns>A message of kind response with this error.</returns>
    public static Response Refused(string message) => Failed("invalid_argument", message);

    /// <summary>A response with an error of the library.</summary>
    /// <param name="code">The library's code.</param>
    /// <param name="message">The library's message.</param>
    /// <returns>A message of kind response with this error.</returns>
    public static Response Failed(string code, string message)
    {
        return new Response { Kind = "response", Error = Failure(code, message) };
    }

    /// <summary>The error record for a response that has an error.</summary>
    /// <param name="target">The record's TargetObject.</param>
    /// <returns>The record.</returns>
    public ErrorRecord ErrorRecord(object? target) => Failures.Record(this, target);

    static PSObject Failure(string code, string message)
    {
        PSObject error = new();
        error.Properties.Add(new PSNoteProperty("code", code));
        error.Properties.Add(new PSNoteProperty("message", message));
        return error;
    }

    /// <summary>Reads a message from the library's JSON.</summary>
    internal static Response Read(ReadOnlySpan<byte> json, bool raw)
    {
        JsonCursor cursor = new(json);
        Response response = new();
        cursor.Enter();
        while (!cursor.Leave('}'))
        {
            string name = cursor.TakeText();
            switch (name)
            {
                case "kind": response.Kind = cursor.TakeText(); break;
                case "status": response.Status = (int)(long)cursor.TakeWord()!; break;
                case "headers": response.headers = cursor.TakeJson().ToArray(); break;
                case "text": response.Text = cursor.TakeText(); break;
                case "body":
                    // The body is the last member, so an error has been read by now.
                    ReadOnlySpan<byte> body = cursor.TakeRest();
                    response.IsJson = true;
                    if (response.Error == null) response.ReadBody(body);
                    if (raw || response.Error != null) response.Text = Encoding.UTF8.GetString(body);
                    return response;
                default:
                    object? value = JsonObjects.Read(ref cursor, null);
                    if (name == "error" && value is PSObject error) response.Error = error;
                    else response.Members[name] = value;
                    break;
            }
        }
        return response;
    }

    void ReadBody(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonCursor cursor = new(json);
            Body = JsonObjects.Read(ref cursor, "V2024.TaskStatus");
        }
        catch (JsonException exception)
        {
            Error = Failure("invalid_response", $"the tenant's JSON cannot be read: {exception.Message}");
        }
    }
}
