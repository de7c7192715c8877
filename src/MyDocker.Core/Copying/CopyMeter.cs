using System.Diagnostics;

namespace MyDocker;

/// <summary>Counts what is copied, and tells of it at intervals of time.</summary>
internal sealed class CopyMeter(ICopyObserver observer, CancellationToken cancellation)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private long lastTold = Stopwatch.GetTimestamp();

    public long Items { get; private set; }

    public long Length { get; private set; }

    public long? TotalLength { get; set; }

    /// <summary>One item more.</summary>
    public void Count()
    {
        Items++;
        Tell();
    }

    /// <summary>So many bytes more.</summary>
    public void Advance(long bytes)
    {
        Length += bytes;
        Tell();
    }

    private void Tell()
    {
        cancellation.ThrowIfCancellationRequested();
        if (Stopwatch.GetElapsedTime(lastTold) < Interval)
            return;
        observer.Progressed(new CopyProgress(Items, Length, TotalLength));
        lastTold = Stopwatch.GetTimestamp();
    }
}
