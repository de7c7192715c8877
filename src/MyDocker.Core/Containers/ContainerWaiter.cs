using System.Diagnostics;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Waits for any number of containers to end, by one poll(2) over their descriptors: nothing here sleeps and looks again.
/// An end is the exit record appearing in the container's folder; where the monitor that would write it is dead, it is the
/// end of the process. The folder is held open, so the record is found even when the container is removed meanwhile.
/// </summary>
internal sealed class ContainerWaiter : IDisposable
{
    private readonly List<Waiting> waiting = [];
    private readonly FileDescriptor cancelled = Polling.CreateEvent();
    private readonly FileDescriptor folders = Polling.CreateFolderWatch();
    private readonly CancellationTokenRegistration registration;
    private readonly CancellationToken cancellation;

    /// <param name="cancellation">Ends the wait at once.</param>
    public ContainerWaiter(CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        registration = cancellation.Register(() => Polling.SetEvent(cancelled));
    }

    /// <summary>Adds a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="state">The run whose end is awaited.</param>
    /// <param name="timeout">How long; null is for ever.</param>
    /// <returns>False when the container has been removed already.</returns>
    public bool TryAdd(Container container, RunState state, TimeSpan? timeout)
    {
        if (Files.TryOpen(container.Folder, Files.O_PATH | Files.O_DIRECTORY) is not { } folder)
            return false;
        waiting.Add(new Waiting
        {
            Container = container,
            State = state,
            Folder = folder,
            Watch = Polling.AddToFolderWatch(folders, folder.ProcPath),
            Holder = state.Monitor.TryOpen(),
            HolderIsMonitor = true,
            Deadline = Deadline(timeout),
        });
        return true;
    }

    /// <summary>Gives a container that has come to its deadline another one.</summary>
    public void Prolong(Container container, TimeSpan? timeout) =>
        waiting.First(entry => entry.Container == container).Deadline = Deadline(timeout);

    /// <summary>Stops waiting for a container.</summary>
    public void Forget(Container container) => Remove(waiting.First(entry => entry.Container == container));

    /// <summary>Waits for the next thing to happen; null when nothing is left to wait for.</summary>
    /// <returns>
    /// A container with its exit record; with a failure when its files can't be read; with neither when its deadline is reached, and
    /// it is then still waited for.
    /// </returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public (Container Container, RunState State, ExitRecord? Exit, ContainerException? Failure)? Next() => Next(null, null);

    /// <summary><see cref="Next()"/> that comes back with null also when something else has happened, or after a while.</summary>
    /// <param name="other">A descriptor that becomes readable when something else happens.</param>
    /// <param name="patience">How long to wait for anything at all; null is for ever.</param>
    public (Container Container, RunState State, ExitRecord? Exit, ContainerException? Failure)? Next(FileDescriptor? other, TimeSpan? patience)
    {
        while (waiting.Count > 0)
        {
            foreach (var entry in waiting)
            {
                try
                {
                    if (entry.LookAgain && FindEnd(entry) is { } exit)
                    {
                        Remove(entry);
                        return (entry.Container, entry.State, exit, null);
                    }
                }
                catch (ContainerException failure)
                {
                    Remove(entry);
                    return (entry.Container, entry.State, null, failure);
                }

                entry.LookAgain = false;
            }

            var now = Stopwatch.GetTimestamp();
            if (waiting.Find(entry => entry.Deadline <= now) is { } late)
            {
                late.Deadline = null;
                return (late.Container, late.State, null, null);
            }

            if (!WaitForNews(now, other, patience))
                return null;
        }

        return null;
    }

    public void Dispose()
    {
        registration.Dispose();
        foreach (var entry in waiting)
            entry.Dispose();
        folders.Dispose();
        cancelled.Dispose();
    }

    private static long? Deadline(TimeSpan? timeout) =>
        timeout is { } time ? Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency) : null;

    /// <summary>Waits, and notes who has to be looked at again; false when that is all the caller wanted to wait for.</summary>
    private bool WaitForNews(long now, FileDescriptor? other, TimeSpan? patience)
    {
        const int Others = 3;
        var entries = new Polling.Entry[waiting.Count + Others];
        entries[0] = new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN };
        entries[1] = new Polling.Entry { Descriptor = folders.Number, Events = Polling.POLLIN };
        entries[2] = new Polling.Entry { Descriptor = other?.Number ?? -1, Events = Polling.POLLIN };
        for (var i = 0; i < waiting.Count; i++)
            entries[i + Others] = new Polling.Entry { Descriptor = waiting[i].Holder?.Number ?? -1, Events = Polling.POLLIN };
        var timeout = waiting.Min(entry => entry.Deadline) is { } deadline ? Stopwatch.GetElapsedTime(now, deadline) : patience;
        timeout = timeout > patience ? patience : timeout;
        var ready = Polling.Wait(entries, timeout);

        cancellation.ThrowIfCancellationRequested();
        if (entries[1].Ready != 0)
            MarkChangedFolders();
        for (var i = 0; i < waiting.Count; i++)
        {
            if (entries[i + Others].Ready != 0)
                (waiting[i].LookAgain, waiting[i].HolderEnded) = (true, true);
        }

        return entries[2].Ready == 0 && (ready > 0 || timeout != patience);
    }

    private void MarkChangedFolders()
    {
        foreach (var watch in Polling.ReadFolderWatch(folders))
        {
            foreach (var entry in waiting)
                entry.LookAgain |= entry.Watch == watch || watch == Polling.Overflow;
        }
    }

    private static ExitRecord? FindEnd(Waiting entry)
    {
        if (entry.Holder is null || entry.HolderEnded)
        {
            // The record comes before the monitor's end: with the monitor gone, one look is the last word.
            if (ReadExit(entry) is { } last)
                return last;
            entry.Holder?.Dispose();
            entry.Holder = entry.HolderIsMonitor ? entry.State.Process.TryOpen() : null;
            (entry.HolderIsMonitor, entry.HolderEnded) = (false, false);
            return entry.Holder is null ? entry.Container.Settle().Exit ?? ReadExit(entry) ?? Container.LostExit(entry.State) : null;
        }

        return ReadExit(entry);
    }

    private static ExitRecord? ReadExit(Waiting entry)
    {
        var exit = JsonFile.TryRead<ExitRecord>($"{entry.Folder.ProcPath}/{Container.ExitFile}");
        return exit?.Run == entry.State.Run ? exit : null;
    }

    private void Remove(Waiting entry)
    {
        waiting.Remove(entry);
        Polling.RemoveFromFolderWatch(folders, entry.Watch);
        entry.Dispose();
    }

    private sealed class Waiting : IDisposable
    {
        public required Container Container { get; init; }

        public required RunState State { get; init; }

        public required FileDescriptor Folder { get; init; }

        public required int Watch { get; init; }

        /// <summary>The monitor or, once that is gone, the container's process.</summary>
        public required FileDescriptor? Holder { get; set; }

        public required bool HolderIsMonitor { get; set; }

        public bool HolderEnded { get; set; }

        public bool LookAgain { get; set; } = true;

        public long? Deadline { get; set; }

        public void Dispose()
        {
            Holder?.Dispose();
            Folder.Dispose();
        }
    }
}
