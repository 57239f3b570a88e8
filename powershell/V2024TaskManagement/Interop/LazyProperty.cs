using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;

namespace V2024;

/// <summary>
/// A note property whose value is read from JSON when it is first asked for. Two thirds of a page's properties lie inside
/// of a task's members, and most scripts look at none of them.
/// </summary>
public sealed class LazyProperty : PSNoteProperty
{
    object? value;

    internal LazyProperty(string name, object? value) : base(name, null) => this.value = value;

    /// <summary>The value, the same object each time.</summary>
    public override object? Value
    {
        get => value is Unread unread ? unread.Value : value;
        set => this.value = value;
    }

    /// <summary>The type of the value.</summary>
    public override string TypeNameOfValue => Plain.TypeNameOfValue;

    PSNoteProperty Plain => new(Name, Value);

    /// <summary>A property with the same name and value, which need not be read for it: PowerShell copies what is added to an object.</summary>
    /// <returns>The copy.</returns>
    public override PSMemberInfo Copy() => new LazyProperty(Name, value);

    /// <summary>The property as Get-Member shows it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Plain.ToString();

    /// <summary>What copies of a property share.</summary>
    internal sealed class Unread
    {
        // The JSON until it was read, then what it says.
        object? state;
        readonly string? kind;
        // An object's methods, its text among them, are those of the session that made it: elsewhere the module may be missing.
        readonly WeakReference<Runspace>? session = Session;

        [ThreadStatic]
        static WeakReference<Runspace>? last;

        internal Unread(byte[] json, string? kind)
        {
            state = json;
            this.kind = kind;
        }

        internal object? Value
        {
            get
            {
                object? now = state;
                if (now is not byte[] json) return now;
                object? read = Read(json);
                // Of several threads that read it at once, all get what the first one read.
                object? before = Interlocked.CompareExchange(ref state, read, json);
                return ReferenceEquals(before, json) ? read : before;
            }
        }

        // This thread's session, one reference for all that is made in it.
        static WeakReference<Runspace>? Session
        {
            get
            {
                Runspace? now = Runspace.DefaultRunspace;
                if (now == null) return null;
                if (last == null || !last.TryGetTarget(out Runspace? before) || before != now) last = new WeakReference<Runspace>(now);
                return last;
            }
        }

        object? Read(byte[] json)
        {
            JsonCursor cursor = new(json);
            Runspace? here = Runspace.DefaultRunspace;
            if (session == null || !session.TryGetTarget(out Runspace? maker) || maker == here) return JsonObjects.Read(ref cursor, kind);
            Runspace.DefaultRunspace = maker;
            try
            {
                return JsonObjects.Read(ref cursor, kind);
            }
            finally
            {
                Runspace.DefaultRunspace = here;
            }
        }
    }
}
