using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of Update-V2024TaskStatus.</summary>
public sealed class Update : Operation
{
    // With -Id given, operations from the pipeline arrive one by one and form one patch.
    readonly List<object?>? collected;

    internal Update(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
        if (Given.Has("Id") && !Given.Has("JsonPatchOperation")) collected = new List<object?>();
    }

    /// <summary>
    /// Sends the patch for the parameters as they are bound now, or keeps its operations for the end.
    /// </summary>
    public void Process()
    {
        IEnumerable patch = (IEnumerable)Given["JsonPatchOperation"]!;
        if (collected == null) Send(patch);
        else foreach (object? operation in patch) collected.Add(operation);
    }

    /// <summary>Sends the operations that came through the pipeline as one patch.</summary>
    public void End()
    {
        if (collected?.Count > 0) Send(collected);
        Finish();
    }

    void Send(IEnumerable patch)
    {
        if (Id() is not { } id) return;
        if (Caller.IsAsked(Outer) && !Confirm($"task {id}", JsonPatch.Describe(patch))) return;
        Request request = new("update_task_status") { Id = id, Patch = patch, Experimental = IsExperimental };
        Send(request, collected == null ? AtOnce(1) : 1, "Changing task statuses");
    }
}
