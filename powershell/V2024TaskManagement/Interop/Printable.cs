using System.Globalization;
using System.Text;

namespace V2024;

/// <summary>Makes text from the tenant safe to show.</summary>
static class Printable
{
    /// <summary>
    /// A text without the characters that could change how a terminal shows other text. Control characters become
    /// their pictures from U+2400 on. U+FFFD takes the place of those that have no picture, and of characters that
    /// separate lines or set the direction of text. The client has the same rule (client/src/text.rs).
    /// </summary>
    internal static string From(string text)
    {
        int first = 0;
        while (first < text.Length && Picture(text[first]) == text[first]) first++;
        if (first == text.Length) return text;
        return string.Create(text.Length, text, static (shown, given) =>
        {
            for (int index = 0; index < shown.Length; index++) shown[index] = Picture(given[index]);
        });
    }

    /// <summary>
    /// A response's body without such characters, but with its lines and tabs. JSON keeps its value: the characters
    /// become escapes, and a carriage return, which can only be white space there, becomes a blank.
    /// </summary>
    internal static string Body(string text, bool isJson)
    {
        StringBuilder shown = new(text.Length);
        foreach (char character in text)
        {
            char picture = Picture(character);
            if (picture == character || character is '\n' or '\t') shown.Append(character);
            else if (character == '\r') shown.Append(' ');
            else if (isJson) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else shown.Append(picture);
        }
        return shown.ToString();
    }

    /// <summary>The first characters of a text, printable, followed by an ellipsis if there were more.</summary>
    internal static string Brief(string text, int most)
    {
        return text.Length <= most ? From(text) : $"{From(text.Substring(0, most))}…";
    }

    static char Picture(char character) => character switch
    {
        < ' ' => (char)(0x2400 + character),
        < '\u007f' => character,
        '\u007f' => '\u2421',
        <= '\u009f' => '\ufffd',
        '\u061c' or '\u200e' or '\u200f' => '\ufffd',
        (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => '\ufffd',
        _ => character,
    };
}
