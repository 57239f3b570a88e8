using System;
using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace V2024;

/// <summary>
/// Writes objects as JSON. It differs from ConvertTo-Json: a date becomes the same instant in UTC in every culture
/// and time zone, an enumeration value its name, and JSON stays unchanged.
/// </summary>
static class JsonText
{
    internal static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 500,
    };

    // The library refuses deeper JSON. The limit also ends objects that contain themselves.
    const int MaximumDepth = 100;

    /// <summary>A value as NUL-terminated JSON.</summary>
    internal static byte[] Terminated(object? value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options)) Write(writer, value, 0);
        return Terminate(buffer);
    }

    internal static byte[] Terminate(ArrayBufferWriter<byte> text)
    {
        byte[] terminated = new byte[text.WrittenCount + 1];
        text.WrittenSpan.CopyTo(terminated);
        return terminated;
    }

    /// <summary>Writes a value at a depth.</summary>
    /// <exception cref="ArgumentException">JSON cannot hold it.</exception>
    internal static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        CheckDepth(depth);
        value = Parameters.Plain(value);
        if (value is Target) value = PSObject.AsPSObject(value);
        if (ReferenceEquals(value, AutomationNull.Value)) value = null;
        switch (value)
        {
            case null or DBNull: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(Whole(text)); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case SwitchParameter given: writer.WriteBooleanValue(given.IsPresent); break;
            case IDictionary table:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in table)
                {
                    writer.WritePropertyName(Whole(LanguagePrimitives.ConvertTo<string>(entry.Key)));
                    Write(writer, entry.Value, depth + 1);
                }
                writer.WriteEndObject();
                break;
            default: WriteOther(writer, value, depth); break;
        }
    }

    // What the first call of a session does not write, since .NET compiles a method as a whole when it first runs.
    static void WriteOther(Utf8JsonWriter writer, object value, int depth)
    {
        switch (value)
        {
            case char character: writer.WriteStringValue(Whole(character.ToString())); break;
            case Enum name: writer.WriteStringValue(name.ToString()); break;
            case DateTime date: writer.WriteStringValue(Date(date)); break;
            case DateTimeOffset date: writer.WriteStringValue(Date(date.UtcDateTime)); break;
            case DateOnly date: writer.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeOnly time:
                writer.WriteStringValue(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case XmlNode or SecureString or PSCredential or NetworkCredential or ScriptBlock or Type:
                throw Formless(value);
            case double number: WriteNumber(writer, number, double.IsFinite(number), "R"); break;
            case float number: WriteNumber(writer, number, float.IsFinite(number), "R"); break;
            case decimal or BigInteger: WriteNumber(writer, (IFormattable)value, true, null); break;
            case IFormattable number when value.GetType().IsPrimitive: WriteNumber(writer, number, true, null); break;
            case JsonElement element: element.WriteTo(writer); break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list) Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            case PSObject custom:
                writer.WriteStartObject();
                foreach (PSPropertyInfo property in custom.Properties)
                {
                    writer.WritePropertyName(Whole(property.Name));
                    Write(writer, property.Value, depth + 1);
                }
                writer.WriteEndObject();
                break;
            // A guid, version, Uri, time span and so on. Others would be sent as the name of their type.
            default:
                string form = string.Format(CultureInfo.InvariantCulture, "{0}", value);
                if (BeginsWith(form, value.GetType().ToString())) throw Formless(value);
                writer.WriteStringValue(Whole(form));
                break;
        }
    }

    // As a whole word: a class V may have the text Value.
    static bool BeginsWith(string text, string name) => text.StartsWith(name, StringComparison.Ordinal)
        && (text.Length == name.Length || !char.IsLetterOrDigit(text[name.Length]));

    static ArgumentException Formless(object value) => new($"a value of type {value.GetType().Name} has no JSON form");

    /// <summary>Refuses a text that UTF-8 cannot hold.</summary>
    /// <exception cref="ArgumentException">The text contains half a surrogate pair.</exception>
    internal static string Whole(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                throw new ArgumentException("it contains half a surrogate pair, which is not a character");
            }
            index++;
        }
        return text;
    }

    /// <summary>Refuses values that are nested too deep.</summary>
    /// <exception cref="ArgumentException">The depth is over the limit.</exception>
    internal static void CheckDepth(int depth)
    {
        if (depth <= MaximumDepth) return;
        throw new ArgumentException($"a value is nested more than {MaximumDepth} levels deep");
    }

    static void WriteNumber(Utf8JsonWriter writer, IFormattable number, bool isFinite, string? format)
    {
        string text = number.ToString(format, CultureInfo.InvariantCulture);
        if (!isFinite) throw new ArgumentException($"{text} is not a number that JSON can hold");
        writer.WriteRawValue(text);
    }

    /// <summary>A time as JSON has it: ISO 8601 in UTC.</summary>
    internal static string Date(DateTime date)
    {
        return date.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }
}
