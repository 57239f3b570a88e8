using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Text.Json;

namespace V2024;

/// <summary>A request of the library. A member that is null is not sent; 0 and false are.</summary>
sealed class Request
{
    internal Request(string operation) => Operation = operation;

    /// <summary>The operation, as the library names it.</summary>
    internal string Operation { get; }

    /// <summary>Whether it changes a task.</summary>
    internal bool IsChange => Operation == "update_task_status";

    /// <summary>The task of an operation on one task.</summary>
    internal string? Id { get; init; }

    /// <summary>The tasks to wait for.</summary>
    internal IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The page size.</summary>
    internal int? Limit { get; init; }

    /// <summary>How many tasks to skip.</summary>
    internal int? Offset { get; init; }

    /// <summary>Whether the tenant counts all tasks.</summary>
    internal bool? Count { get; init; }

    /// <summary>Which tasks to list.</summary>
    internal string? Filters { get; init; }

    /// <summary>The order of a list.</summary>
    internal string? Sorters { get; init; }

    /// <summary>The operations of a patch, in any accepted form.</summary>
    internal IEnumerable? Patch { get; init; }

    /// <summary>How long to wait for tasks.</summary>
    internal double? TimeoutSeconds { get; init; }

    /// <summary>How often to look at tasks that are waited for.</summary>
    internal double? PollingIntervalSeconds { get; init; }

    /// <summary>Whether every page of a list is wanted.</summary>
    internal bool All { get; init; }

    /// <summary>Whether the header X-SailPoint-Experimental is sent.</summary>
    internal bool Experimental { get; init; }

    /// <summary>Whether the arguments are only checked, and nothing is sent.</summary>
    internal bool CheckOnly { get; init; }

    /// <summary>Whether bodies are wanted as text.</summary>
    internal bool Raw { get; init; }

    /// <summary>The TargetObject of errors: what the user gave.</summary>
    internal object? Target => Id ?? (object?)Ids;

    /// <summary>Writes the request as NUL-terminated JSON.</summary>
    /// <param name="events">Whether the library also reports requests and retries.</param>
    /// <exception cref="ArgumentException">A value cannot be sent.</exception>
    internal byte[] Write(bool events)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("operation", Operation);
            Write(writer, "id", Id);
            if (Ids != null)
            {
                writer.WriteStartArray("ids");
                foreach (string id in Ids) writer.WriteStringValue(Checked("ids", id));
                writer.WriteEndArray();
            }
            if (Limit is { } limit) writer.WriteNumber("limit", limit);
            if (Offset is { } offset) writer.WriteNumber("offset", offset);
            if (Count is { } count) writer.WriteBoolean("count", count);
            Write(writer, "filters", Filters);
            Write(writer, "sorters", Sorters);
            if (TimeoutSeconds is { } timeout) writer.WriteNumber("timeout_seconds", timeout);
            if (PollingIntervalSeconds is { } interval) writer.WriteNumber("polling_interval_seconds", interval);
            if (Patch != null)
            {
                writer.WritePropertyName("json_patch");
                JsonPatch.Write(writer, Patch);
            }
            if (All) writer.WriteBoolean("all", true);
            if (Experimental) writer.WriteBoolean("experimental", true);
            if (CheckOnly) writer.WriteBoolean("check_only", true);
            if (events) writer.WriteBoolean("events", true);
            writer.WriteEndObject();
        }
        return JsonText.Terminate(buffer);
    }

    static void Write(Utf8JsonWriter writer, string member, string? text)
    {
        if (text != null) writer.WriteString(member, Checked(member, text));
    }

    // Refuses the text that PowerShell makes of an object (@{id=...}), and text that UTF-8 cannot hold.
    static string Checked(string member, string text)
    {
        if (member is "id" or "ids" && text.StartsWith("@{", StringComparison.Ordinal))
        {
            throw new UnsendableException(
                "-Id was given an object instead of an id: pipe the object, or pass its id", text);
        }
        try
        {
            return JsonText.Whole(text);
        }
        catch (ArgumentException exception)
        {
            throw new UnsendableException($"{member} cannot be sent: {exception.Message}", text);
        }
    }

    /// <summary>A value cannot be sent. The value becomes the TargetObject of the error.</summary>
    internal sealed class UnsendableException : ArgumentException
    {
        internal UnsendableException(string message, object value) : base(message) => Value = value;

        internal object Value { get; }
    }
}
