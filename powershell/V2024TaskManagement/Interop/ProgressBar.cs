using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A progress bar of tasks. It appears if what it counts takes longer than a second.</summary>
sealed class ProgressBar
{
    readonly Action<ProgressRecord> show;
    readonly string activity;
    readonly long start = Environment.TickCount64;
    bool isShown;

    /// <param name="show">Writes the progress.</param>
    /// <param name="activity">What goes on.</param>
    internal ProgressBar(Action<ProgressRecord> show, string activity)
    {
        this.show = show;
        this.activity = activity;
    }

    /// <summary>Shows how many tasks there have been, of how many if that is known.</summary>
    internal void Update(int count, long? total = null)
    {
        if (Environment.TickCount64 - start < 1000) return;
        isShown = true;
        string status = total > 0 ? $"{count} of {TaskWords.Counted(total.Value, "task")}"
            : TaskWords.Counted(count, "task");
        int percent = total > 0 ? (int)Math.Min(100, 100L * count / total.Value) : -1;
        show(new ProgressRecord(0, activity, status) { PercentComplete = percent });
    }

    /// <summary>Removes the bar. It appears again with the next task.</summary>
    internal void Stop()
    {
        if (!isShown) return;
        isShown = false;
        show(new ProgressRecord(0, activity, "Ended") { RecordType = ProgressRecordType.Completed });
    }
}
