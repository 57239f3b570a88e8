using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of Complete-V2024PendingTask.</summary>
public sealed class Completion : Operation
{
    internal Completion(Session session, PSCmdlet outer, IDictionary bound) : base(session, outer, bound)
    {
    }

    /// <summary>Completes the tasks that are bound now, unless they have ended.</summary>
    /// <param name="completionStatus">The completion status to set.</param>
    public void Process(string completionStatus)
    {
        IEnumerable<string> ids;
        DateTime? completed;
        try
        {
            ids = Ids.ReadAll(Given["Id"]);
            completed = Instant.Read(Given, "Completed");
        }
        catch (ArgumentException exception)
        {
            Refuse(exception.Message, (exception as Request.UnsendableException)?.Value);
            return;
        }
        foreach (string id in ids) Complete(id, completionStatus, completed);
    }

    void Complete(string id, string completionStatus, DateTime? completed)
    {
        if (Pending(id) is not { } task) return;
        string source = TaskWords.Text(task, "target") is { Length: > 0 } name ? $"source '{name}', " : "";
        string target = $"{TaskWords.Name(task)}, {source}created {TaskWords.Created(task)}";
        bool isQuestion = Caller.IsQuestion(Outer, ConfirmImpact.High);
        if (!Confirm(target, $"complete with {completionStatus}")) return;
        // The task may have ended while the question was on the screen.
        if (isQuestion && Pending(id) == null) return;
        Run(new Request("update_task_status")
        {
            Id = id,
            Patch = new[]
            {
                Replace("/completionStatus", completionStatus),
                Replace("/completed", completed ?? DateTime.UtcNow),
            },
        });
    }

    static OrderedDictionary Replace(string path, object value)
    {
        return new() { ["op"] = "replace", ["path"] = path, ["value"] = value };
    }

    // The task, if it has not ended; null after a warning or an error.
    object? Pending(string id)
    {
        Call call = Start(new Request("get_task_status") { Id = id });
        try
        {
            if (Receive(call) is not { } response) return null;
            if (response.Error != null)
            {
                Fail(response, call.Target);
                return null;
            }
            object? task = response.Body;
            if (TaskWords.Text(task, "completionStatus") is not { Length: > 0 } status) return task;
            Warn($"Skipped {TaskWords.Name(task)}: it already ended with {status}.");
            return null;
        }
        finally
        {
            End(call);
        }
    }
}
