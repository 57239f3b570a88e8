using System;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace V2024;

/// <summary>
/// The members that the module gives the types of its objects. They are methods and ways to show objects, so that
/// ConvertTo-Json, Select-Object, Export-Clixml and so on see exactly the tenant's members. Shown.cs has what the
/// methods return. They are not in a file that the manifest names, because PowerShell then refuses a second version of
/// the module in one session: the members are already there.
/// </summary>
static class TypeMembers
{
    // What the name of a type begins with if the object comes from a job, a remote session or Import-Clixml.
    const string Copied = "Deserialized.";

    static readonly string[] HeaderMembers = { "TotalCount", "StatusCode" };

    /// <summary>Adds the members to the session, and replaces those of another version of the module.</summary>
    internal static void Add()
    {
        // The class of Update-TypeData is used, because a call by name would import the module
        // Microsoft.PowerShell.Utility, which takes 50 ms, and a restricted session does not have it.
        CmdletInfo update = new("Update-TypeData", Type.GetType(
            "Microsoft.PowerShell.Commands.UpdateTypeDataCommand, Microsoft.PowerShell.Commands.Utility"));
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        // The caller's preferences would leave the members out, or ask.
        shell.AddCommand(update).AddParameter("TypeData", All()).AddParameter("Force")
            .AddParameter("ErrorAction", ActionPreference.Stop).AddParameter("WhatIf", false)
            .AddParameter("Confirm", false)
            .Invoke();
    }

    static TypeData[] All()
    {
        TypeData task = new("V2024.TaskStatus");
        AddTimes(task);
        // Methods of a hashtable, which the documented SDK returns.
        Add(task, "Contains", $"{Call("Members")}.Contains($args[0])");
        Add(task, "ContainsKey", $"{Call("Members")}.Contains($args[0])");
        Add(task, "GetEnumerator", $", {Call("Members")}.GetEnumerator()");
        // Jobs and remote sessions would otherwise turn messages and attributes into texts.
        task.SerializationDepth = 10;
        TypeData copiedTask = new($"{Copied}V2024.TaskStatus");
        AddTimes(copiedTask);
        return new[]
        {
            task, copiedTask,
            WithText("V2024.TaskStatusMessage", "Wording"), WithText($"{Copied}V2024.TaskStatusMessage", "Wording"),
            WithText("V2024.List", "Joined"), WithText($"{Copied}V2024.List", "Joined"),
            Headers("V2024.PendingTaskHeaders"), Headers($"{Copied}V2024.PendingTaskHeaders"),
        };
    }

    static void AddTimes(TypeData task)
    {
        // The time since the task was created, as a [timespan]; nothing if that is unknown.
        Add(task, "Age", Call("Age"));
        // How long the task took or has been running, as a [timespan]; nothing if it was not launched.
        Add(task, "Duration", Call("Duration"));
    }

    // ToString makes the text of a value in strings and in Export-Csv.
    static TypeData WithText(string type, string function)
    {
        TypeData data = new(type);
        Add(data, "ToString", Call(function));
        return data;
    }

    // Below other output in a script, PowerShell uses no view: it lists these members.
    static TypeData Headers(string type) => new(type)
    {
        DefaultDisplayPropertySet = new PropertySetData(HeaderMembers),
    };

    static void Add(TypeData data, string name, string script) =>
        data.Members.Add(name, new ScriptMethodData(name, ScriptBlock.Create(script)));

    static string Call(string function) =>
        $"[AppDomain]::CurrentDomain.GetData('V2024.Shown').Invoke($this, '{function}')";
}
