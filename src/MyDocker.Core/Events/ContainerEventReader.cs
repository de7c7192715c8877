using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Tells what happens to a store's containers, by inotify(7): nothing here sleeps and looks again. Only what happens after it was
/// made is told. What is over before we look, within a millisecond or two, may be missed; a container's making and removal never are.
/// Who asks late looks late, so somebody has to ask all the time: <see cref="ContainerEventSource"/>.
/// </summary>
internal sealed class ContainerEventReader : IDisposable
{
    private static readonly string[] FilesOfInterest = [Container.RecordFile, Container.StateFile, Container.ExitFile, Container.StartMarker];

    private readonly ContainerStore store;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration registration;
    private readonly FileDescriptor cancelled = Polling.CreateEvent();
    private readonly FolderWatch folders = new();
    private readonly int allContainers;
    private readonly Dictionary<string, WatchedContainer> containers = [];
    private readonly Queue<ContainerEvent> pending = new();

    /// <summary>Begins to watch.</summary>
    /// <param name="store">Whose containers.</param>
    /// <param name="cancellation">Ends a wait at once.</param>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public ContainerEventReader(ContainerStore store, CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Watching containers");
        this.store = store;
        this.cancellation = cancellation;
        registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        store.Prepare();
        using (var folder = Files.Open(store.ContainersFolder, Files.O_PATH | Files.O_DIRECTORY))
            allContainers = folders.Add(folder);
        foreach (var id in store.ContainerIds())
            Attempt(() => Add(id).TakeAsKnown());
    }

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ContainerEvent Next()
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (pending.TryDequeue(out var next))
                return next;
            WaitForNews();
        }
    }

    public void Dispose()
    {
        registration.Dispose();
        foreach (var watched in containers.Values)
            watched.Dispose();
        folders.Dispose();
        cancelled.Dispose();
    }

    private void WaitForNews()
    {
        var held = containers.Values.Where(watched => watched.Holder is not null).ToArray();
        var entries = new Polling.Entry[held.Length + 2];
        entries[0] = new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN };
        entries[1] = new Polling.Entry { Descriptor = folders.Number, Events = Polling.POLLIN };
        for (var i = 0; i < held.Length; i++)
            entries[i + 2] = new Polling.Entry { Descriptor = held[i].Holder!.Number, Events = Polling.POLLIN };
        _ = Polling.Wait(entries, containers.Values.Min(watched => watched.LastWordTimeLeft));

        cancellation.ThrowIfCancellationRequested();
        if (entries[1].Ready != 0)
            TakeIn(folders.Read());
        for (var i = 0; i < held.Length; i++)
        {
            // What has just been taken in may have been its last word.
            if (entries[i + 2].Ready == 0 || containers.GetValueOrDefault(held[i].Id) != held[i])
                continue;
            held[i].ReleaseHolder();
            Look(held[i]);
        }

        foreach (var late in containers.Values.Where(watched => watched.LastWordTimeLeft <= TimeSpan.Zero).ToArray())
            Look(late);
    }

    private void TakeIn(List<FolderChange> changes)
    {
        var changed = new List<WatchedContainer>();
        foreach (var (folder, mask, name) in changes)
        {
            if ((mask & FolderWatch.IN_Q_OVERFLOW) != 0)
                ListAgain();
            else if (folder == allContainers && ContainerName.IsId(name))
                TakeIn(name, hasCome: (mask & FolderWatch.IN_MOVED_TO) != 0);
            else if ((mask & FolderWatch.IN_IGNORED) != 0 || FilesOfInterest.Contains(name))
                changed.AddRange(containers.Values.Where(watched => watched.Watch == folder));
        }

        foreach (var watched in changed.Distinct())
            Look(watched);
    }

    private void TakeIn(string id, bool hasCome)
    {
        if (!hasCome)
        {
            if (containers.TryGetValue(id, out var left))
                Conclude(left);
        }
        else if (!containers.ContainsKey(id))
        {
            Attempt(() => Tell(Add(id).Welcome()));
        }
    }

    /// <summary>Too much happened for the kernel to list it all.</summary>
    private void ListAgain()
    {
        var now = store.ContainerIds().ToHashSet();
        foreach (var gone in containers.Values.Where(watched => !now.Contains(watched.Id)).ToArray())
            Conclude(gone);
        foreach (var id in now)
        {
            if (containers.TryGetValue(id, out var known))
                Look(known);
            else
                TakeIn(id, hasCome: true);
        }
    }

    private WatchedContainer Add(string id) => containers[id] = WatchedContainer.Open(store, id, folders);

    private void Look(WatchedContainer watched)
    {
        if (watched.LastWordTimeLeft is not null)
            Conclude(watched);
        else
            Attempt(() => Tell(watched.Look()));
    }

    private void Conclude(WatchedContainer watched) => Attempt(() =>
    {
        if (watched.TryConclude() is not { } last || !containers.Remove(watched.Id))
            return;
        Tell(last);
        folders.Remove(watched.Watch);
        watched.Dispose();
    });

    private void Tell(List<ContainerEvent> events)
    {
        foreach (var happened in events)
            pending.Enqueue(happened);
    }

    private static void Attempt(Action look)
    {
        try
        {
            look();
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            // One whose files are broken says nothing until they are mended; Get-Container tells which one it is.
        }
    }
}
