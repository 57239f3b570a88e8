using System;
using System.Collections.Generic;
using System.Globalization;

namespace V2024;

/// <summary>
/// -After and -Before. The API cannot filter by date, so the tasks are selected here by their created.
/// </summary>
sealed class DateRange
{
    readonly DateTime after;
    readonly DateTime before;
    // The size of the only page that is read; null if all are.
    readonly int? page;
    // How many of the latest tasks in a row were beyond the range.
    int beyond;
    bool hasWarned;

    // After so many tasks in a row beyond the range no more are expected. The tenant may put a few in another order.
    readonly int enough;

    DateRange(DateTime after, DateTime before, string sorters, int? page, int enough)
    {
        this.enough = enough;
        this.after = after;
        this.before = before;
        this.page = page;
        Sorters = sorters;
    }

    /// <summary>
    /// The order of the listing: the newest first if none is given, so that it can stop where the range ends.
    /// </summary>
    internal string Sorters { get; }

    /// <summary>Whether no later page is expected to have a task of the range.</summary>
    internal bool IsOver => beyond >= enough;

    /// <summary>The range that was given; null without dates.</summary>
    /// <param name="given">The parameters.</param>
    /// <param name="isAll">Whether one listing reads every page.</param>
    /// <param name="isPaging">Whether pages are read one by one, each with a range of its own.</param>
    /// <exception cref="ArgumentException">It is empty or no date, or raw pages are wanted.</exception>
    internal static DateRange? From(Parameters given, bool isAll, bool isPaging)
    {
        DateTime? after = Instant.Read(given, "After");
        DateTime? before = Instant.Read(given, "Before");
        if (after == null && before == null) return null;
        if (after >= before)
        {
            throw new ArgumentException($"-After ({after:u}) must be earlier than -Before ({before:u})");
        }
        if (given.Is("Raw"))
        {
            throw new ArgumentException(
                "-Raw returns whole pages of the tenant, so it cannot be combined with -After or -Before");
        }
        string? sorters = given.Text("Sorters");
        int limit = given.Value<int>("Limit") ?? 250;
        return new DateRange(
            after ?? DateTime.MinValue, before ?? DateTime.MaxValue,
            string.IsNullOrEmpty(sorters) ? "-created" : sorters,
            isAll || isPaging ? null : limit,
            isAll ? 20 : Math.Min(20, limit));
    }

    /// <summary>Removes the tasks outside of the range from a page, and returns a warning if there is one.</summary>
    internal string? Limit(Response response)
    {
        if (response.List is not { } tasks) return null;
        List<object?> chosen = new();
        string? warning = null;
        foreach (object? task in tasks)
        {
            object? text = Ids.Member(task, "created");
            if (Date(text) is not { } created)
            {
                chosen.Add(task);
                if (!hasWarned) warning = $"A task is returned although its created is not a date: {text ?? "null"}";
                hasWarned = true;
                continue;
            }
            bool isEarly = created < after;
            bool isLate = created >= before;
            bool isBeyond = (isEarly && Sorters == "-created") || (isLate && Sorters == "created");
            beyond = isBeyond ? beyond + 1 : 0;
            if (!isEarly && !isLate) chosen.Add(task);
        }
        response.Body = chosen.ToArray();
        if (page > 0 && tasks.Count >= page && !IsOver)
        {
            return $"Only one page of {TaskWords.Counted(tasks.Count, "task")} was read; the range may contain more. "
                + "Use -All to read every page.";
        }
        return warning;
    }

    // A date of the usual form was read as one. Others are text, or milliseconds since 1970.
    static DateTime? Date(object? created)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        switch (created)
        {
            case DateTime date: return date;
            case string text:
                text = text.Replace(',', '.');
                return DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out DateTime read) ? read : null;
            case long or int or double or decimal:
                double milliseconds = Convert.ToDouble(created, CultureInfo.InvariantCulture);
                return milliseconds is > -6.2e13 and < 2.5e14 ? DateTime.UnixEpoch.AddMilliseconds(milliseconds) : null;
            default: return null;
        }
    }
}
