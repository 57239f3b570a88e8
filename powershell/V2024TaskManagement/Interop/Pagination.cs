using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>
/// One invocation of Invoke-Paginate, which calls a command for page after page, as the documented SDK does.
/// </summary>
public sealed class Pagination : Invocation
{
    // These run in the module; the first with the caller's commands.
    const string Find = "$ExecutionContext.InvokeCommand.GetCommand($args[0], 'All')";
    const string FindOwn = "$ExecutionContext.InvokeCommand.GetCommand($args[0], 'Function')";
    const string Invoke = """
        param($Command, $Parameters, $Limit, $Offset)
        & $Command @Parameters -Limit $Limit -Offset $Offset -WithHttpInfo -ErrorAction Stop
        """;

    internal Pagination(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>Writes the items of all pages, or all of them with the last status and headers.</summary>
    /// <param name="function">The command.</param>
    /// <param name="initialOffset">How many items to skip.</param>
    /// <param name="increment">The page size.</param>
    /// <param name="limit">How many items to return at most.</param>
    /// <param name="parameters">The command's other parameters.</param>
    public void Process(string function, int initialOffset, int increment, int limit, IDictionary parameters)
    {
        if (Command(function) is not { } command)
        {
            string message = $"-Function is '{function}', and there is no command of this name";
            Fail(Failures.Record(
                new CommandNotFoundException(message), "CommandNotFound", ErrorCategory.ObjectNotFound, function));
            return;
        }
        // One more item than -Limit is requested, to find out whether the limit cuts anything off. Texts cannot be cut.
        bool isRaw = LanguagePrimitives.IsTrue(parameters["Raw"]);
        long left = isRaw ? limit : limit + 1L;
        long offset = initialOffset;
        bool withHttpInfo = Given.Is("WithHttpInfo");
        List<object?> items = new();
        object? page = null;
        while (left > 0)
        {
            int size = (int)Math.Min(increment, left);
            try
            {
                page = Page(command, parameters, size, offset);
            }
            // Only the call is inside: an error further down the pipeline is not an error of this cmdlet.
            catch (RuntimeException exception) when (exception is not PipelineStoppedException)
            {
                Fail(exception.ErrorRecord);
                break;
            }
            IList found = Found(page);
            // The tenant's rows decide where the next page starts and whether there is one, not what is left of them.
            int rows = page is HttpInfo info ? info.Rows : found.Count;
            left -= rows;
            offset += rows;
            int wanted = isRaw || left > 0 ? found.Count : Math.Max(0, found.Count - 1);
            for (int index = 0; index < wanted; index++)
            {
                if (withHttpInfo) items.Add(found[index]);
                else Outer.WriteObject(found[index]);
            }
            if (rows < size || page is HttpInfo { IsOver: true }) break;
        }
        if (!isRaw && left <= 0) Warn($"There are more items than -Limit {limit} allows. Raise -Limit to get them.");
        if (!withHttpInfo || page == null) return;
        PSObject result = new();
        result.Properties.Add(new PSNoteProperty("Response", items.ToArray()));
        result.Properties.Add(new PSNoteProperty("StatusCode", Ids.Member(page, "StatusCode")));
        result.Properties.Add(new PSNoteProperty("Headers", Ids.Member(page, "Headers")));
        Outer.WriteObject(result);
    }

    object? Page(object command, IDictionary parameters, int size, long offset)
    {
        bool wasPaging = Session.IsPaging;
        Session.IsPaging = IsOwn(command);
        try
        {
            return Parameters.Plain(
                Session.Module.Invoke(ScriptBlock.Create(Invoke), command, parameters, size, offset));
        }
        finally
        {
            Session.IsPaging = wasPaging;
        }
    }

    // For a name of this module, always its own cmdlet, also if the caller imported it with a prefix, or has an alias
    // or another command of this name.
    object? Command(string name)
    {
        object? own = Parameters.Plain(Session.Module.Invoke(ScriptBlock.Create(FindOwn), name));
        if (IsOwn(own)) return own;
        foreach (PSObject? found in Outer.InvokeCommand.InvokeScript(
            Outer.SessionState, ScriptBlock.Create(Find), name))
        {
            if (found != null) return found.BaseObject;
        }
        return null;
    }

    bool IsOwn(object? command) =>
        command is FunctionInfo function && ReferenceEquals(function.ScriptBlock.Module, Session.Module);

    static IList Found(object? page)
    {
        object? response = Ids.Member(page, "Response");
        return response as IList ?? (response == null ? Array.Empty<object>() : new[] { response });
    }
}
