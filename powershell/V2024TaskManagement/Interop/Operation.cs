using System;
using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of a function that calls an operation of the tenant.</summary>
public abstract class Operation : Invocation
{
    private protected Operation(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    private protected bool IsExperimental =>
        "true".Equals(Given.Text("XSailPointExperimental"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The given id; null after an error.</summary>
    private protected string? Id()
    {
        try
        {
            return Ids.Read(Given["Id"]);
        }
        catch (Request.UnsendableException exception)
        {
            Refuse(exception.Message, exception.Value);
            return null;
        }
    }

    /// <summary>Makes a call, and writes its results and errors.</summary>
    private protected void Run(Request request)
    {
        Call call = Start(request);
        try
        {
            while (Receive(call) is { } response)
            {
                if (response.Error != null) Fail(response, call.Target);
                else if (!Take(response, request)) break;
                if (!request.All) break;
            }
        }
        finally
        {
            End(call);
        }
    }

    /// <summary>Takes a successful response. Returns whether more are wanted.</summary>
    private protected virtual bool Take(Response response, Request request)
    {
        Write(response, request);
        return true;
    }

    private protected void Write(Response response, Request request, int rows = 0, bool isOver = false)
    {
        object? result = request.Raw ? response.Text : response.Body;
        if (Given.Is("WithHttpInfo"))
        {
            Outer.WriteObject(new HttpInfo(result, response, rows, isOver));
        }
        else if (request.Operation == "get_pending_task_headers") Outer.WriteObject(Headers(response));
        // Written here and not by script: a break or continue of the caller further down the pipeline would act on a
        // loop of the script.
        else if (result != null) Outer.WriteObject(result, enumerateCollection: true);
    }

    PSObject Headers(Response response)
    {
        if (response.TotalCount == null && (response.TotalText != null || Given.Is("Count")))
        {
            Warn(response.TotalText is { } text
                ? $"TotalCount is empty, because the tenant's X-Total-Count is not a number: '{text}'"
                : "TotalCount is empty, because the tenant did not send X-Total-Count");
        }
        PSObject headers = new();
        headers.TypeNames.Insert(0, "V2024.PendingTaskHeaders");
        headers.Properties.Add(new PSNoteProperty("TotalCount", response.TotalCount));
        headers.Properties.Add(new PSNoteProperty("StatusCode", response.Status));
        headers.Properties.Add(new PSNoteProperty("Headers", response.Headers));
        return headers;
    }
}
