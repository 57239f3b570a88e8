using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.Json;

namespace V2024;

/// <summary>Turns a cmdlet's parameters into the library's JSON request.</summary>
static class Request
{
    /// <summary>A value cannot be sent. The value becomes the TargetObject of the error.</summary>
    internal sealed class UnsendableException : ArgumentException
    {
        internal UnsendableException(string message, object value) : base(message) => Value = value;

        internal object Value { get; }
    }

    static readonly Dictionary<string, string> Members = new()
    {
        ["Id"] = "id", ["Limit"] = "limit", ["Offset"] = "offset", ["Count"] = "count",
        ["Filters"] = "filters", ["Sorters"] = "sorters",
        ["Ids"] = "ids", ["TimeoutSeconds"] = "timeout_seconds",
        ["PollingIntervalSeconds"] = "polling_interval_seconds",
    };

    /// <summary>
    /// The NUL-terminated request. It has every given parameter, also 0 and false, but none that is null.
    /// </summary>
    /// <exception cref="ArgumentException">A parameter cannot be sent.</exception>
    internal static byte[] Build(string operation, IDictionary bound, bool events)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("operation", operation);
            foreach (DictionaryEntry entry in bound)
            {
                if (entry.Value == null) continue;
                if (Members.TryGetValue((string)entry.Key, out string? member))
                {
                    Check(member, entry.Value);
                    writer.WritePropertyName(member);
                    JsonText.Write(writer, entry.Value, 0);
                }
                else if (entry.Value is IEnumerable operations && (string)entry.Key == "JsonPatchOperation")
                {
                    writer.WritePropertyName("json_patch");
                    JsonPatch.Write(writer, operations);
                }
            }
            if (LanguagePrimitives.IsTrue(bound["All"])) writer.WriteBoolean("all", true);
            if (bound["XSailPointExperimental"] is string experimental
                && experimental.Equals("true", StringComparison.OrdinalIgnoreCase))
            {
                writer.WriteBoolean("experimental", true);
            }
            if (events) writer.WriteBoolean("events", true);
            writer.WriteEndObject();
        }
        return JsonText.Terminate(buffer);
    }

    // Refuses the text that PowerShell makes of an object (@{id=...}), and text that UTF-8 cannot hold.
    static void Check(string member, object value)
    {
        IEnumerable<string>? texts = value as IEnumerable<string>;
        texts ??= value is string one ? new[] { one } : Array.Empty<string>();
        foreach (string text in texts)
        {
            if (member is "id" or "ids" && text.StartsWith("@{", StringComparison.Ordinal))
            {
                throw new UnsendableException(
                    "-Id was given an object instead of an id: pipe the object, or pass its id", value);
            }
            if (!IsWhole(text))
            {
                throw new UnsendableException(
                    $"{member} cannot be sent: it contains half a surrogate pair, which is not a character", value);
            }
        }
    }

    static bool IsWhole(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return false;
            index++;
        }
        return true;
    }
}
