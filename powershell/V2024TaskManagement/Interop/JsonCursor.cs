using System;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace V2024;

/// <summary>
/// Goes through JSON that is known to be valid. .NET compiles this for speed at once; the vector code of its own reader is
/// slow until it has been compiled anew, for the first 60 pages of a process: 8 ms a page instead of 0.4.
/// </summary>
ref struct JsonCursor
{
    const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization;

    // What reads JSON calls itself for each level, and so does most of what goes through the objects later: no tenant
    // may end the process with an overflow of its stack.
    internal const int MaximumDepth = 500;

    readonly ReadOnlySpan<byte> text;
    int at;
    int depth;

    internal JsonCursor(ReadOnlySpan<byte> text)
    {
        this.text = text;
    }

    /// <summary>The first byte of the next token: { [ ] } " and so on; commas and colons are passed over. 0 at the end.</summary>
    [MethodImpl(Fast)]
    internal byte Peek()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)',' or (byte)':') at++;
        return at < text.Length ? text[at] : (byte)0;
    }

    /// <summary>Takes the opening bracket that is next.</summary>
    /// <exception cref="JsonException">It is nested too deep.</exception>
    [MethodImpl(Fast)]
    internal void Enter()
    {
        if (++depth > MaximumDepth) throw new JsonException($"it is nested more than {MaximumDepth} deep");
        at++;
    }

    /// <summary>Takes the closing bracket that is next, if it is this one.</summary>
    [MethodImpl(Fast)]
    internal bool Leave(char bracket)
    {
        if (Peek() != bracket) return false;
        depth--;
        at++;
        return true;
    }

    /// <summary>Takes the text that is next, if it is this one, which has no escapes.</summary>
    [MethodImpl(Fast)]
    internal bool Take(byte[] quoted)
    {
        Peek();
        if (!text.Slice(at).StartsWith(quoted)) return false;
        at += quoted.Length;
        return true;
    }

    /// <summary>Takes the value that is next, and gives its JSON.</summary>
    /// <exception cref="JsonException">It is nested too deep.</exception>
    [MethodImpl(Fast)]
    internal ReadOnlySpan<byte> TakeJson()
    {
        Peek();
        int start = at;
        int outside = depth;
        do
        {
            switch (Peek())
            {
                case (byte)'"': Quoted(out _); break;
                case (byte)'{' or (byte)'[': Enter(); break;
                case (byte)'}' or (byte)']': depth--; at++; break;
                default: Word(); break;
            }
        }
        while (depth > outside);
        return text.Slice(start, at - start);
    }

    /// <summary>What is left before the bracket at the end.</summary>
    internal ReadOnlySpan<byte> TakeRest()
    {
        Peek();
        return text.Slice(at, text.Length - 1 - at).TrimEnd(" \n\r\t"u8);
    }

    /// <summary>Takes the text that is next.</summary>
    [MethodImpl(Fast)]
    internal string TakeText()
    {
        Peek();
        ReadOnlySpan<byte> quoted = Quoted(out bool isEscaped);
        return isEscaped ? Unescaped(quoted) : Encoding.UTF8.GetString(quoted);
    }

    /// <summary>Takes the number, true, false or null that is next. A whole number of any size is one, others are double.</summary>
    [MethodImpl(Fast)]
    internal object? TakeWord()
    {
        Peek();
        ReadOnlySpan<byte> word = Word();
        switch (word[0])
        {
            case (byte)'t': return True;
            case (byte)'f': return False;
            case (byte)'n': return null;
        }
        if (Utf8Parser.TryParse(word, out long integer, out int length) && length == word.Length) return integer;
        string number = Encoding.ASCII.GetString(word);
        return word.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
            ? BigInteger.Parse(number, CultureInfo.InvariantCulture)
            : double.Parse(number, CultureInfo.InvariantCulture);
    }

    static readonly object True = true;
    static readonly object False = false;

    // Takes a text, and gives what is between its quotes.
    [MethodImpl(Fast)]
    ReadOnlySpan<byte> Quoted(out bool isEscaped)
    {
        int start = ++at;
        isEscaped = false;
        while (text[at] != '"')
        {
            if (text[at] == '\\')
            {
                isEscaped = true;
                at++;
            }
            at++;
        }
        return text.Slice(start, at++ - start);
    }

    [MethodImpl(Fast)]
    ReadOnlySpan<byte> Word()
    {
        int start = at;
        while (at < text.Length && text[at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) at++;
        return text.Slice(start, at - start);
    }

    // Half of a surrogate pair stays what it is, which .NET's own readers refuse.
    static string Unescaped(ReadOnlySpan<byte> quoted)
    {
        StringBuilder result = new(quoted.Length);
        while (quoted.Length > 0)
        {
            int plain = quoted.IndexOf((byte)'\\');
            if (plain < 0) plain = quoted.Length;
            result.Append(Encoding.UTF8.GetString(quoted.Slice(0, plain)));
            quoted = quoted.Slice(plain);
            if (quoted.Length == 0) break;
            int length = 2;
            switch (quoted[1])
            {
                case (byte)'b': result.Append('\b'); break;
                case (byte)'f': result.Append('\f'); break;
                case (byte)'n': result.Append('\n'); break;
                case (byte)'r': result.Append('\r'); break;
                case (byte)'t': result.Append('\t'); break;
                case (byte)'u':
                    Utf8Parser.TryParse(quoted.Slice(2, 4), out ushort unit, out _, 'x');
                    result.Append((char)unit);
                    length = 6;
                    break;
                default: result.Append((char)quoted[1]); break;
            }
            quoted = quoted.Slice(length);
        }
        return result.ToString();
    }
}
