using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Reaps the monitors this process has started: .NET reaps only what Process.Start made, and an ended monitor would stay
/// in the process list for as long as the session lives. One thread, asleep in poll(2), made with the first start.
/// </summary>
internal static class ChildReaper
{
    /// <summary>
    /// How long an ended child is left alone first. Its other thread may still be taking its own entries out of /proc, and who
    /// reaps meanwhile spins until that is done (shrink_dcache_parent in fs/dcache.c): on a busy machine a millisecond and more.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    private static readonly Lock Gate = new();
    private static readonly List<FileDescriptor> Arrivals = [];
    private static FileDescriptor? wakeUp;

    /// <summary>Has a child reaped once it ends.</summary>
    public static void Track(int pid)
    {
        // Not reaped yet, so the number is still the child's.
        if (PidFd.TryOpen(pid) is not { } child)
            return;
        lock (Gate)
        {
            Arrivals.Add(child);
            if (wakeUp is null)
            {
                wakeUp = Polling.CreateEvent();
                new Thread(() => Run(wakeUp)) { IsBackground = true, Name = "MyDocker child reaper" }.Start();
            }

            Polling.SetEvent(wakeUp);
        }
    }

    private static void Run(FileDescriptor news)
    {
        var children = new List<FileDescriptor>();
        while (true)
        {
            var entries = new Polling.Entry[children.Count + 1];
            entries[0] = new Polling.Entry { Descriptor = news.Number, Events = Polling.POLLIN };
            for (var i = 0; i < children.Count; i++)
                entries[i + 1] = new Polling.Entry { Descriptor = children[i].Number, Events = Polling.POLLIN };
            _ = Polling.Wait(entries);
            if (entries.Skip(1).Any(child => child.Ready != 0))
                Thread.Sleep(Rest);

            for (var i = children.Count - 1; i >= 0; i--)
            {
                if (entries[i + 1].Ready == 0)
                    continue;
                Reap(children[i]);
                children.RemoveAt(i);
            }

            Polling.ClearEvent(news);
            lock (Gate)
            {
                children.AddRange(Arrivals);
                Arrivals.Clear();
            }
        }
    }

    private static void Reap(FileDescriptor child)
    {
        using (child)
        {
            try
            {
                _ = PidFd.TryReap(child);
            }
            catch (SyscallException)
            {
                // ECHILD: the host process reaps everything itself.
            }
        }
    }
}
