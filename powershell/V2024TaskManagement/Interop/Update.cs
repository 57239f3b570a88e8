using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of Update-V2024TaskStatus.</summary>
public sealed class Update : Piped
{
    // With -Id given, operations from the pipeline arrive one by one and form one patch.
    readonly List<object?>? collected;
    bool isRefused;

    internal Update(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
        if (Given.Has("Id") && !Given.Has("JsonPatchOperation")) collected = new List<object?>();
    }

    /// <summary>
    /// Sends the patch for the parameters as they are bound now, or keeps its operations for the end.
    /// </summary>
    /// <param name="throttleLimit">How many task statuses from the pipeline are changed at once.</param>
    public void Process(int throttleLimit)
    {
        IEnumerable patch = (IEnumerable)Given["JsonPatchOperation"]!;
        if (collected == null) Send(patch, AtOnce(throttleLimit));
        else foreach (object? operation in patch) Collect(operation);
    }

    void Collect(object? operation)
    {
        if (!Ids.TryMember(operation, "id", out _))
        {
            collected!.Add(operation);
            return;
        }
        isRefused = true;
        Refuse("an object from the pipeline has an id of its own, and -Id is given: leave out -Id to change the task "
            + "of each object, or pipe operations without an id", operation);
    }

    /// <summary>Sends the operations that came through the pipeline as one patch.</summary>
    public void End()
    {
        if (collected?.Count > 0 && !isRefused) Send(collected, 1);
        Finish();
    }

    void Send(IEnumerable patch, int atOnce)
    {
        if (Id() is not { } id) return;
        // What -WhatIf shows, or the user agrees to, must not be refused afterwards.
        if (Caller.IsAsked(Outer)
            && !(IsSendable(id, patch) && Confirm($"task {id}", JsonPatch.Describe(patch),
                Caller.IsQuestion(Outer, ConfirmImpact.Low))))
        {
            return;
        }
        Request request = Patching(id, patch, checkOnly: false);
        Send(request, atOnce, "Changing task statuses");
    }

    // Whether id and patch would be sent; false after an error.
    bool IsSendable(string id, IEnumerable patch)
    {
        Call call = Start(Patching(id, patch, checkOnly: true));
        try
        {
            if (Receive(call) is not { } refused) return true;
            Finish();
            Fail(refused, call.Target);
            return false;
        }
        finally
        {
            End(call);
        }
    }

    Request Patching(string id, IEnumerable patch, bool checkOnly) => new("update_task_status")
    {
        Id = id, Patch = patch, Experimental = IsExperimental, CheckOnly = checkOnly,
    };
}
