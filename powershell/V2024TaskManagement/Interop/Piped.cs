using System;
using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>
/// One invocation of a function that makes a call for each object of the pipeline, several at once if the caller wants
/// that.
/// </summary>
public abstract class Piped : Operation
{
    readonly OnTheWay<Sent> ahead = new();
    bool hasBegun;
    int done;

    private protected Piped(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>The given id; null after an error.</summary>
    private protected string? Id()
    {
        try
        {
            return Ids.Read(Given["Id"]);
        }
        catch (Request.UnsendableException exception)
        {
            Finish();
            Refuse(exception.Message, exception.Value);
            return null;
        }
    }

    /// <summary>How many requests are on their way at once: one, without objects from the pipeline.</summary>
    private protected int AtOnce(int throttleLimit) => Outer.MyInvocation.ExpectingInput ? throttleLimit : 1;

    /// <summary>
    /// Makes a call for an object of the pipeline. Its result comes after those of earlier objects: at once, or when
    /// a later object is sent, or at the end.
    /// </summary>
    private protected void Send(Request request, int atOnce, string activity)
    {
        if (!hasBegun && Outer.MyInvocation.ExpectingInput) BeginBar(activity);
        hasBegun = true;
        if (atOnce == 1)
        {
            Run(request);
            Bar?.Update(++done);
            return;
        }
        // Two changes of one task follow one another.
        while (request.IsChange && ahead.Has(request.Id!)) TakeNext(wait: true);
        while (ahead.Count > 0 && TakeNext(wait: ahead.Count >= atOnce))
        {
        }
        ahead.AddLast(new Sent(request, Start(request)));
    }

    /// <summary>Takes the results that have not been taken.</summary>
    public void Finish()
    {
        while (ahead.Count > 0) TakeNext(wait: true);
        Bar?.Stop();
    }

    // Takes the next result. Returns false if it has not come and is not waited for.
    bool TakeNext(bool wait)
    {
        Sent next = ahead.First!.Value;
        Response? response = Receive(next.Call, wait ? null : DateTime.UtcNow);
        if (response == null && !wait) return false;
        ahead.RemoveFirst();
        try
        {
            next.Call.Tell();
            if (response?.Error != null) Fail(response, next.Call.Target, ahead);
            else if (response != null) Take(response, next.Request);
        }
        finally
        {
            End(next.Call);
        }
        Bar?.Update(++done);
        return true;
    }
}
