using System.Collections.Generic;

namespace V2024;

/// <summary>
/// The requests of an invocation whose results have not been written, in the order in which they will be.
/// </summary>
sealed class OnTheWay<T> : LinkedList<T> where T : Sent
{
    /// <summary>Whether one of them is for this task.</summary>
    internal bool Has(string id)
    {
        foreach (T sent in this)
        {
            if (Ids.AreSame(sent.Request.Id!, id)) return true;
        }
        return false;
    }
}

/// <summary>A request that was sent for a task, and its call.</summary>
class Sent
{
    internal Sent(Request request, Call call)
    {
        Request = request;
        Call = call;
    }

    internal Request Request { get; private protected set; }

    internal Call Call { get; private protected set; }
}
