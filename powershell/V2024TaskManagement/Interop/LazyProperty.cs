using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;

namespace V2024;

/// <summary>
/// A note property that reads its value from JSON on first use. Two thirds of the properties of a page are inside
/// members of tasks, and most scripts use none of them.
/// </summary>
public sealed class LazyProperty : PSNoteProperty
{
    object? value;

    internal LazyProperty(string name, object? value) : base(name, null) => this.value = value;

    /// <summary>The value: the same object each time.</summary>
    public override object? Value
    {
        get => value is Unread unread ? unread.Value : value;
        set => this.value = value;
    }

    /// <summary>The type of the value.</summary>
    public override string TypeNameOfValue => Plain.TypeNameOfValue;

    PSNoteProperty Plain => new(Name, Value);

    /// <summary>
    /// A property with the same name and value, made without reading the value: PowerShell copies each property that
    /// it adds to an object.
    /// </summary>
    /// <returns>The copy.</returns>
    public override PSMemberInfo Copy() => new LazyProperty(Name, value);

    /// <summary>The property as Get-Member shows it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Plain.ToString();

    /// <summary>The value that all copies of a property share.</summary>
    internal sealed class Unread
    {
        // The JSON until it is read, then the value.
        object? state;
        readonly string? kind;
        // An object's script methods, ToString among them, come from the session that created it. In another session
        // the module may not be loaded.
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
                // If several threads read it at once, all get the value of the first to finish.
                object? before = Interlocked.CompareExchange(ref state, read, json);
                return ReferenceEquals(before, json) ? read : before;
            }
        }

        // The session of this thread. All properties that it creates share one reference.
        static WeakReference<Runspace>? Session
        {
            get
            {
                Runspace? now = Runspace.DefaultRunspace;
                if (now == null) return null;
                if (last == null || !last.TryGetTarget(out Runspace? before) || before != now)
                {
                    last = new WeakReference<Runspace>(now);
                }
                return last;
            }
        }

        object? Read(byte[] json)
        {
            JsonCursor cursor = new(json);
            Runspace? here = Runspace.DefaultRunspace;
            if (session == null || !session.TryGetTarget(out Runspace? creator) || creator == here)
            {
                return JsonObjects.Read(ref cursor, kind);
            }
            Runspace.DefaultRunspace = creator;
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
