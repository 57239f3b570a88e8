namespace V2024;

/// <summary>Makes text from the tenant safe to show.</summary>
static class Printable
{
    /// <summary>
    /// A text without control characters, which could rewrite what a terminal shows: U+2400 pictures for C0 and DEL,
    /// U+FFFD for C1. The data stay as they are.
    /// </summary>
    internal static string From(string text)
    {
        int first = 0;
        while (first < text.Length && !char.IsControl(text[first])) first++;
        if (first == text.Length) return text;
        return string.Create(text.Length, text, static (shown, given) =>
        {
            for (int index = 0; index < shown.Length; index++) shown[index] = Picture(given[index]);
        });
    }

    static char Picture(char character) => character switch
    {
        < ' ' => (char)(0x2400 + character),
        '\u007f' => '\u2421',
        >= '\u0080' and <= '\u009f' => '\ufffd',
        _ => character,
    };
}
