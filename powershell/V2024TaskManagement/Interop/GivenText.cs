using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace V2024;

/// <summary>JSON texts from the user. Get-Content gives the lines of a file, each as a text of its own.</summary>
static class GivenText
{
    /// <summary>
    /// The whole texts: all as they are if each is JSON by itself, otherwise one that has them as lines.
    /// </summary>
    internal static IEnumerable<string> Whole(IEnumerable<string> given)
    {
        // Windows programs begin a file with a byte order mark.
        string[] texts = given.Select(text => text.TrimStart('\ufeff')).ToArray();
        string[] filled = texts.Where(text => !string.IsNullOrWhiteSpace(text)).ToArray();
        if (texts.Length < 2) return texts;
        return filled.All(IsJson) ? filled : new[] { string.Join('\n', texts) };
    }

    static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonCursor.MaximumDepth }).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return false;
        }
    }
}
