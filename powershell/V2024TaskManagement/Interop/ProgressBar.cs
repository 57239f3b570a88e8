using System;
using System.Management.Automation;

namespace V2024;

/// <summary>A progress bar of tasks. It appears if what it counts takes longer than a second.</summary>
sealed class ProgressBar
{
    readonly Action<ProgressRecord> show;
    readonly ProgressRecord record;
    readonly long start = Environment.TickCount64;
    bool isShown;

    /// <param name="show">Writes the progress.</param>
    /// <param name="activity">What goes on.</param>
    internal ProgressBar(Action<ProgressRecord> show, string activity)
    {
        this.show = show;
        record = new ProgressRecord(0, activity, "Starting");
    }

    /// <summary>Shows how many tasks there have been, of how many if that is known.</summary>
    internal void Update(int count, long? total = null)
    {
        if (Environment.TickCount64 - start < 1000) return;
        isShown = true;
        record.StatusDescription = total > 0 ? $"{count} of {TaskWords.Counted(total.Value, "task")}"
            : TaskWords.Counted(count, "task");
        record.PercentComplete = total > 0 ? (int)Math.Min(100, 100L * count / total.Value) : -1;
        show(record);
    }

    internal void Stop()
    {
        if (!isShown) return;
        isShown = false;
        record.RecordType = ProgressRecordType.Completed;
        try
        {
            show(record);
        }
        catch (PipelineStoppedException)
        {
            // The pipeline is stopping. The host removes the bar.
        }
    }
}
