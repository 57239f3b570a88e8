using System;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace V2024;

/// <summary>
/// Reads through JSON that is known to be valid. .NET optimizes this code when it first compiles it. The vector code of
/// .NET's own reader is slow until .NET recompiles it, after about 60 pages in a process: 8 ms per page instead of 0.4.
/// </summary>
ref struct JsonCursor
{
    const MethodImplOptions Fast = MethodImplOptions.AggressiveOptimization;

    // The code that reads JSON calls itself once per level, and so does most code that walks the objects later. The
    // limit prevents a response from ending the process with a stack overflow.
    internal const int MaximumDepth = 500;

    readonly ReadOnlySpan<byte> text;
    int at;
    int depth;

    internal JsonCursor(ReadOnlySpan<byte> text)
    {
        this.text = text;
    }

    /// <summary>
    /// The first byte of the next token: { [ ] } " and so on. Commas and colons are skipped. 0 at the end.
    /// </summary>
    [MethodImpl(Fast)]
    internal byte Peek()
    {
        while (at < text.Length
            && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)',' or (byte)':')
        {
            at++;
        }
        return at < text.Length ? text[at] : (byte)0;
    }

    /// <summary>Takes the next token, an opening bracket.</summary>
    /// <exception cref="JsonException">It is nested too deep.</exception>
    [MethodImpl(Fast)]
    internal void Enter()
    {
        if (++depth > MaximumDepth) throw new JsonException($"it is nested more than {MaximumDepth} levels deep");
        at++;
    }

    /// <summary>Takes the next token if it is this closing bracket.</summary>
    [MethodImpl(Fast)]
    internal bool Leave(char bracket)
    {
        if (Peek() != bracket) return false;
        depth--;
        at++;
        return true;
    }

    /// <summary>Takes the next token if it is this text, given with its quotes.</summary>
    [MethodImpl(Fast)]
    internal bool Take(byte[] quoted)
    {
        Peek();
        if (!text.Slice(at).StartsWith(quoted)) return false;
        at += quoted.Length;
        return true;
    }

    /// <summary>Takes the next value and returns its JSON.</summary>
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

    /// <summary>The rest, without the closing bracket at the end.</summary>
    internal ReadOnlySpan<byte> TakeRest()
    {
        Peek();
        return text.Slice(at, text.Length - 1 - at).TrimEnd(" \n\r\t"u8);
    }

    /// <summary>Takes the next token, a text.</summary>
    [MethodImpl(Fast)]
    internal string TakeText()
    {
        Peek();
        ReadOnlySpan<byte> quoted = Quoted(out bool isEscaped);
        return isEscaped ? Unescaped(quoted) : Encoding.UTF8.GetString(quoted);
    }

    /// <summary>
    /// Takes the next token: a number, true, false or null. Integers become long or BigInteger, other numbers double.
    /// </summary>
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

    // Takes a text and returns what is between its quotes.
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
        while (at < text.Length
            && text[at] is not ((byte)',' or (byte)'}' or (byte)']')
            && text[at] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
        {
            at++;
        }
        return text.Slice(start, at - start);
    }

    // Half a surrogate pair is kept. .NET's own readers refuse it.
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
                    _ = Utf8Parser.TryParse(quoted.Slice(2, 4), out ushort unit, out _, 'x');
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
