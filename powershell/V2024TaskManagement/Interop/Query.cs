using System;
using System.Collections;
using System.Management.Automation;

namespace V2024;

/// <summary>One invocation of a function that reads tasks: it makes one call for each object of the pipeline.</summary>
public sealed class Query : Invocation
{
    readonly string operation;

    internal Query(Session session, PSCmdlet outer, IDictionary bound, string operation)
        : base(session, outer, bound) => this.operation = operation;

    /// <summary>Makes the call for the parameters as they are bound now, and writes its results and errors.</summary>
    public void Process()
    {
        DateRange? range;
        Request request;
        try
        {
            range = DateRange.From(Given);
            request = Request(range);
        }
        catch (ArgumentException exception)
        {
            Refuse(exception.Message);
            return;
        }
        Run(request, range);
    }

    Request Request(DateRange? range) => new(operation)
    {
        Id = Given.Text("Id"),
        Limit = Given.Value<int>("Limit"),
        Offset = Given.Value<int>("Offset"),
        Count = Given.Value<bool>("Count"),
        Filters = Filter.Join(Given),
        Sorters = range?.Sorters ?? Given.Text("Sorters"),
        All = Given.Is("All"),
        Raw = Given.Is("Raw"),
        Experimental = "true".Equals(Given.Text("XSailPointExperimental"), StringComparison.OrdinalIgnoreCase),
    };

    void Run(Request request, DateRange? range)
    {
        Call call = Start(request);
        ListProgress? progress = request.All ? NewProgress() : null;
        try
        {
            while (Receive(call) is { } response)
            {
                if (response.Error != null) Fail(response, call.Target);
                else
                {
                    progress?.Update(response, request);
                    if (range != null && range.Limit(response) is { } warning) Warn(warning);
                    Write(response, request);
                }
                if (!request.All || range is { IsOver: true }) break;
            }
        }
        finally
        {
            End(call);
            progress?.Stop();
        }
    }

    void Write(Response response, Request request)
    {
        object? result = request.Raw ? response.Text : response.Body;
        if (Given.Is("WithHttpInfo"))
        {
            Outer.WriteObject(new Hashtable(StringComparer.OrdinalIgnoreCase)
            {
                ["Response"] = result, ["StatusCode"] = response.Status, ["Headers"] = response.Headers,
            });
        }
        else if (operation == "get_pending_task_headers") Outer.WriteObject(Headers(response));
        // Written here and not by script: a break or continue of the caller further down the pipeline would act on a
        // loop of the script.
        else if (result != null) Outer.WriteObject(result, enumerateCollection: true);
    }

    static PSObject Headers(Response response)
    {
        PSObject headers = new();
        headers.TypeNames.Insert(0, "V2024.PendingTaskHeaders");
        headers.Properties.Add(new PSNoteProperty("TotalCount", response.TotalCount));
        headers.Properties.Add(new PSNoteProperty("StatusCode", response.Status));
        headers.Properties.Add(new PSNoteProperty("Headers", response.Headers));
        return headers;
    }

    ListProgress? NewProgress()
    {
        return Progress is ActionPreference.SilentlyContinue or ActionPreference.Ignore ? null : new ListProgress(this);
    }

    /// <summary>The progress bar of a listing. It appears if the listing takes longer than a second.</summary>
    sealed class ListProgress
    {
        readonly Query query;
        readonly ProgressRecord record;
        readonly long start = Environment.TickCount64;
        int read;
        long? total;
        Call? count;
        bool isShown;

        internal ListProgress(Query query)
        {
            this.query = query;
            string what = query.operation == "get_pending_tasks" ? "Listing pending tasks" : "Listing task statuses";
            record = new ProgressRecord(0, what, "Starting");
        }

        internal void Update(Response page, Request request)
        {
            read += page.List?.Count ?? 0;
            if (Environment.TickCount64 - start < 1000) return;
            // Counting costs the tenant time, so the total is requested only now, and in parallel with the listing.
            if (!isShown)
            {
                count = query.Start(new Request(request.Operation)
                {
                    Limit = 0, Count = true, Filters = request.Filters,
                });
                isShown = true;
            }
            if (count != null && query.Receive(count, DateTime.UtcNow) is { } response)
            {
                // If the total cannot be had, the bar shows only the number of tasks read.
                total = response.TotalCount is { } counted
                    ? Convert.ToInt64(counted, null) - (request.Offset ?? 0) : null;
                query.End(count);
                count = null;
            }
            record.StatusDescription = total > 0 ? $"{read} of {total} tasks" : $"{read} tasks";
            record.PercentComplete = total > 0 ? (int)Math.Min(100, 100L * read / total.Value) : -1;
            query.Show(record);
        }

        internal void Stop()
        {
            query.End(count);
            if (!isShown) return;
            record.RecordType = ProgressRecordType.Completed;
            try
            {
                query.Show(record);
            }
            catch (PipelineStoppedException)
            {
                // The pipeline is stopping. The host removes the bar.
            }
        }
    }
}
