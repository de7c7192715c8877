using System.Diagnostics;
using MyDocker.Interop;

namespace MyDocker.Logs;

/// <summary>
/// Tells readers what happens while they follow: inotify(7) says that a log is written to or rotated, and a
/// <see cref="ContainerWaiter"/> that a container has ended. All of it is one poll(2).
/// </summary>
internal sealed class LogFollower : IDisposable
{
    /// <summary>While there are lines to read, we look for those of others this often.</summary>
    private static readonly TimeSpan LookingInterval = TimeSpan.FromMilliseconds(10);

    private readonly LogMerger merger;
    private readonly DateTimeOffset? until;
    private readonly Action<ContainerException> onFailure;
    private readonly FileDescriptor changes = Polling.CreateFolderWatch();
    private readonly Dictionary<int, LogReader> watched = [];
    private readonly ContainerWaiter ends;
    private readonly LogHolder holder;
    private long lastLook;

    /// <param name="merger">Whose readers follow; none of them has begun yet, so nothing happens unseen.</param>
    /// <param name="until">When it is over, whether or not the containers have ended.</param>
    /// <param name="onFailure">Told of a container whose end can't be seen.</param>
    /// <param name="cancellation">Ends a wait at once.</param>
    public LogFollower(LogMerger merger, DateTimeOffset? until, Action<ContainerException> onFailure, CancellationToken cancellation)
    {
        (this.merger, this.until, this.onFailure) = (merger, until, onFailure);
        ends = new ContainerWaiter(cancellation);
        foreach (var reader in merger.Readers)
        {
            watched[Polling.AddToFolderWatch(changes, reader.Folder.ProcPath, Polling.IN_MODIFY | Polling.IN_CREATE)] = reader;
            if (reader.Run is null || !ends.TryAdd(reader.Container, reader.Run, null))
                reader.Complete();
        }

        holder = new LogHolder(merger.Readers);
    }

    /// <summary>Looks what has happened, if the last look is a moment ago.</summary>
    public void LookIfDue()
    {
        if (Stopwatch.GetElapsedTime(lastLook) > LookingInterval)
            Wait(TimeSpan.Zero);
    }

    /// <summary>Waits until something happens.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Wait() => Wait(until - DateTimeOffset.UtcNow);

    public void Dispose()
    {
        holder.Dispose();
        ends.Dispose();
        changes.Dispose();
    }

    private void Wait(TimeSpan? patience)
    {
        while (ends.Next(changes, patience) is { } end)
        {
            if (end.Failure is { Error: not ContainerError.ContainerNotFound } failure)
                onFailure(failure);
            Complete(watched.Values.Where(reader => reader.Container == end.Container));
            patience = TimeSpan.Zero;
        }

        foreach (var number in Polling.ReadFolderWatch(changes).Distinct())
        {
            foreach (var (_, reader) in watched.Where(entry => number == Polling.Overflow || number == entry.Key))
                merger.LookAgain(reader);
        }

        if (until <= DateTimeOffset.UtcNow)
            Complete(watched.Values);
        lastLook = Stopwatch.GetTimestamp();
    }

    private void Complete(IEnumerable<LogReader> readers)
    {
        foreach (var reader in readers)
        {
            reader.Complete();
            merger.LookAgain(reader);
        }
    }
}
