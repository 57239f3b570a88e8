using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of a function that reads tasks: it makes one call for each object of the pipeline.</summary>
public sealed class Query : Piped
{
    readonly string operation;
    DateRange? range;
    // How many tasks the tenant returned; null if it returned no response.
    int? found;
    // The smallest total of a listing; null if the tenant gave none.
    long? total;
    bool hasWarned;

    internal Query(Session session, PSCmdlet outer, IDictionary bound, string operation)
        : base(session, outer, bound) => this.operation = operation;

    /// <summary>Makes the call for the parameters as they are bound now, and writes its results and errors.</summary>
    /// <param name="throttleLimit">How many task statuses from the pipeline are got at once.</param>
    public void Process(int throttleLimit = 1)
    {
        try
        {
            Take(throttleLimit);
        }
        finally
        {
            Given.ForgetObject();
        }
    }

    void Take(int throttleLimit)
    {
        string? id = null;
        if (operation == "get_task_status" && (id = Id()) == null) return;
        Request request;
        try
        {
            request = id == null ? ListRequest() : TaskRequest(id);
        }
        catch (ArgumentException exception)
        {
            Refuse(exception.Message, (exception as Request.UnsendableException)?.Value);
            return;
        }
        found = null;
        total = null;
        if (id != null)
        {
            Send(request, AtOnce(throttleLimit), "Getting task statuses");
            return;
        }
        if (request.All) BeginBar(operation == "get_pending_tasks" ? "Listing pending tasks" : "Listing task statuses");
        try
        {
            if (Run(request) && request.All) WarnOfRest(request);
        }
        finally
        {
            Bar?.Stop();
        }
        if (found == 0 && !hasWarned) WarnOfUnknown();
    }

    // A tenant may count tasks that it never lists. Those that came during the listing need not be listed.
    void WarnOfRest(Request request)
    {
        long counted = (total ?? 0) - (request.Offset ?? 0);
        if (found < counted) Warn($"The tenant counts {TaskWords.Counted(counted, "task")}, but lists only {found}");
    }

    // The tenant returns no tasks for a completion status or type that no task has, such as a misspelt one.
    void WarnOfUnknown()
    {
        foreach (string parameter in Filter.Names)
        {
            if (Given[parameter] is not IEnumerable values) continue;
            string[] known = Offered.Values(Outer, parameter);
            foreach (object? value in values)
            {
                string text = $"{value}".Trim();
                if (known.Length == 0 || known.Contains(text, StringComparer.OrdinalIgnoreCase)) continue;
                string elsewhere = text.Equals("PENDING", StringComparison.OrdinalIgnoreCase)
                    ? ". Get-V2024PendingTasks lists pending tasks" : "";
                Warn($"No task was found, and -{parameter} '{text}' is not one of the known values: "
                    + string.Join(", ", known) + elsewhere);
                hasWarned = true;
            }
        }
    }

    Request TaskRequest(string id) => new(operation)
    {
        Id = id,
        Raw = Given.Is("Raw"),
        Experimental = IsExperimental,
    };

    Request ListRequest()
    {
        range = DateRange.From(Given, Given.Is("All"), Session.IsPaging);
        return new(operation)
        {
            Limit = Given.Value<int>("Limit"),
            Offset = Given.Value<int>("Offset"),
            Count = Given.Value<bool>("Count"),
            Filters = Filter.Join(Given),
            Sorters = range?.Sorters ?? Given.Text("Sorters"),
            All = Given.Is("All"),
            Raw = Given.Is("Raw"),
            Experimental = IsExperimental,
        };
    }

    private protected override bool Take(Response response, Request request)
    {
        int rows = response.List?.Count ?? 0;
        found = (found ?? 0) + rows;
        // A listing of every page has them counted, unless the user says otherwise. If the total cannot be had, the
        // bar shows only the number of tasks read.
        if (request.All)
        {
            long? now = response.TotalCount is { } count ? Convert.ToInt64(count, CultureInfo.InvariantCulture) : null;
            if (now < (total ?? long.MaxValue)) total = now;
            Bar?.Update(found.Value, now - (request.Offset ?? 0));
        }
        if (range?.Limit(response) is { } warning) Warn(warning);
        // A listing stops early only where it is certain that nothing before is missing.
        bool isOver = range is { IsOver: true } && (!request.All || response.Members.ContainsKey("gapless"));
        Write(response, request, rows, isOver);
        return !isOver;
    }
}
