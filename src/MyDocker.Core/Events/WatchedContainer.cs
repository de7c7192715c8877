using System.Diagnostics;
using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// What was last seen of one container. Each look compares it with what is now, and what differs are the events: nothing is told
/// twice, and nothing that did not happen. The folder is held open, so that what is in it can be read after it was moved away.
/// </summary>
internal sealed class WatchedContainer : IDisposable
{
    /// <summary>How long a container that removes itself may take from that to its exit record.</summary>
    private static readonly TimeSpan LastWordPatience = TimeSpan.FromSeconds(5);

    private readonly ContainerStore store;
    private readonly FileDescriptor? folder;
    private Container? container;
    private int run;
    private ContainerStatus status = ContainerStatus.Created;
    private FileDescriptor? exitRecord;
    private long? leftAt;

    private WatchedContainer(ContainerStore store, string id, FileDescriptor? folder)
    {
        this.store = store;
        this.folder = folder;
        Id = id;
    }

    public string Id { get; }

    /// <summary>The number of its folder's watch.</summary>
    public int Watch { get; private set; } = -1;

    /// <summary>Who will write its end down: the monitor or, once that is gone, the process itself, whose end nobody writes down.</summary>
    public FileDescriptor? Holder { get; private set; }

    /// <summary>How long a container that is gone from its place has left to say how it ended; null for one that is there.</summary>
    public TimeSpan? LastWordTimeLeft => leftAt is { } moment ? LastWordPatience - Stopwatch.GetElapsedTime(moment) : null;

    private string Name => container?.Name ?? Id[..12];

    /// <summary>Takes hold of a container wherever its folder is by now; one that is gone altogether can only be named by its id.</summary>
    public static WatchedContainer Open(ContainerStore store, string id, FolderWatch folders)
    {
        var folder = ((string[])[store.ContainersFolder, store.EndedFolder, store.RemovedFolder])
            .Select(parent => Files.TryOpen($"{parent}/{id}", Files.O_PATH | Files.O_DIRECTORY | Files.O_NOFOLLOW)).FirstOrDefault(opened => opened is not null);
        var watched = new WatchedContainer(store, id, folder);
        if (folder is not null)
            watched.Watch = folders.Add(folder);
        return watched;
    }

    /// <summary>What it is now has happened before anybody watched.</summary>
    public void TakeAsKnown() => _ = Look();

    /// <summary>It has just been made.</summary>
    public List<ContainerEvent> Welcome()
    {
        ReadRecord();
        var created = Event(ContainerEventKind.Created, container?.Record.CreatedAt, new Observation(ContainerStatus.Created, null, null));
        return [created, .. Look()];
    }

    /// <summary>Compares what was seen last with what is now.</summary>
    /// <exception cref="ContainerException">ContainerStateInvalid when one of its files is broken.</exception>
    public List<ContainerEvent> Look()
    {
        var events = new List<ContainerEvent>();
        var before = container;
        ReadRecord();
        if (container is null)
            return events;
        Observation seen;
        try
        {
            seen = container.Observe();
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.ContainerNotFound)
        {
            return events;
        }

        // Moved away while we looked: what there was to see there means nothing, and the folder's own watch tells.
        if (!Directory.Exists(container.Folder))
            return events;
        if (before is not null)
            CompareRecord(before, seen, events);
        CompareRun(seen, events);
        Hold(seen);
        return events;
    }

    /// <summary>
    /// The folder is gone from its place. A container made with -AutoRemove says how it ended only after that; with this to be
    /// asked again whenever something changes.
    /// </summary>
    /// <returns>Null while it has still to be waited for; else the last events.</returns>
    public List<ContainerEvent>? TryConclude()
    {
        leftAt ??= Stopwatch.GetTimestamp();
        var events = new List<ContainerEvent>();
        var state = TryRead<RunState>(Container.StateFile);
        var (lastRun, wasAlive) = state?.Run > run && !Exists(Container.StartMarker) ? (state.Run, true) : (run, status.IsAlive());
        if (wasAlive)
        {
            var exit = (TryRead<ExitRecord>(Container.ExitFile) ?? ReadReservedExit()) is { } record && record.Run == lastRun ? record : null;
            if (exit is null && Directory.Exists($"{store.EndedFolder}/{Id}") && LastWordTimeLeft > TimeSpan.Zero)
                return null;
            // It has ended, as it is removed, and its record went before we could read it: how it ended is not known, which is not "lost".
            var unknown = Container.LostExit(state ?? new RunState { Run = lastRun, Process = Nobody, Monitor = Nobody, StartedAt = DateTimeOffset.UtcNow });
            exit ??= unknown with { Reason = StopReason.None };
            CompareRun(new Observation(exit.Status, state is null ? null : state with { Run = lastRun }, exit), events);
        }

        events.Add(Event(ContainerEventKind.Removed, null, null));
        return events;
    }

    /// <summary>The holder has ended: the process takes the monitor's place, if it is still there.</summary>
    public void ReleaseHolder()
    {
        Holder?.Dispose();
        Holder = null;
    }

    public void Dispose()
    {
        ReleaseHolder();
        exitRecord?.Dispose();
        folder?.Dispose();
    }

    private static Processes.ProcessIdentity Nobody { get; } = new(0, 0, "");

    private void CompareRecord(Container before, Observation seen, List<ContainerEvent> events)
    {
        if (container!.Name != before.Name)
            events.Add(Event(ContainerEventKind.Renamed, null, seen) with { OldName = before.Name });
        var (was, now) = (before.Spec, container.Spec);
        if (now.Limits != was.Limits || now.StopSignal != was.StopSignal || now.StopTimeoutSeconds != was.StopTimeoutSeconds)
            events.Add(Event(ContainerEventKind.Updated, null, seen));
    }

    private void CompareRun(Observation seen, List<ContainerEvent> events)
    {
        var now = seen.Exit?.Run ?? seen.State?.Run ?? 0;
        if (now > run)
        {
            // A run that ended and was followed by another before we looked: its record has been replaced.
            if (status.IsAlive())
                events.Add(Event(ContainerEventKind.Exited, null, null));
            events.Add(Event(ContainerEventKind.Started, seen.Exit?.StartedAt ?? seen.State?.StartedAt, seen));
            (run, status) = (now, ContainerStatus.Running);
        }

        // A monitor that is at work on the end of a process that nobody has stopped: how it ended comes in a moment.
        var isEnding = seen is { Status: ContainerStatus.Stopping, State.Stop: null };
        if (now < run || seen.Status == status || isEnding)
            return;
        switch (seen.Status)
        {
            case ContainerStatus.Paused:
                events.Add(Event(ContainerEventKind.Paused, seen.State?.PausedAt, seen));
                break;
            case ContainerStatus.Running:
                events.Add(Event(ContainerEventKind.Resumed, null, seen));
                break;
            case ContainerStatus.Stopping:
                events.Add(Event(ContainerEventKind.Stopping, seen.State?.Stop?.RequestedAt, seen));
                break;
            case ContainerStatus.Stopped or ContainerStatus.Exited:
                if (seen.Exit?.OomKilled == true)
                    events.Add(Event(ContainerEventKind.OutOfMemory, seen.Exit.FinishedAt, seen));
                var kind = seen.Status == ContainerStatus.Stopped ? ContainerEventKind.Stopped : ContainerEventKind.Exited;
                events.Add(Event(kind, seen.Exit?.FinishedAt, seen) with { ExitCode = seen.Exit?.ExitCode, StopReason = seen.Exit?.Reason ?? StopReason.None });
                break;
        }

        status = seen.Status;
    }

    /// <summary>Takes hold of what will tell of the end of a run, or of a start that is under way.</summary>
    private void Hold(Observation seen)
    {
        ReleaseHolder();
        if ((seen.StartUnderway ?? (seen.Status.IsAlive() ? seen.State : null)) is not { } state)
            return;
        Holder = state.Monitor.TryOpen() ?? state.Process.TryOpen();
        // What is removed may be gone before its exit record can be opened, so we open the room that is kept for it.
        if (Files.TryOpen($"{folder!.ProcPath}/{Container.ExitFile}.tmp", Files.O_RDONLY | Files.O_NOFOLLOW) is { } room)
        {
            exitRecord?.Dispose();
            exitRecord = room;
        }
    }

    private ExitRecord? ReadReservedExit()
    {
        try
        {
            return exitRecord is null ? null : StoredJson.Parse<ExitRecord>(File.ReadAllBytes(exitRecord.ProcPath));
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            // Nothing has been written into it yet.
            return null;
        }
    }

    private void ReadRecord()
    {
        if (folder is null)
            return;
        var record = JsonFile.TryRead(
            $"{folder.ProcPath}/{Container.RecordFile}", bytes => JsonSerializer.Deserialize(bytes.Span, StoreJson.Default.ContainerRecord));
        // A change under way may still be taken back.
        if (record is { IsChanging: true } && container is not null)
            record = record with { Spec = container.Spec };
        if (record is not null)
            container = new Container(store, record);
    }

    private T? TryRead<T>(string file)
        where T : class, IStoredJson<T>
    {
        try
        {
            return folder is null ? null : JsonFile.TryRead<T>($"{folder.ProcPath}/{file}");
        }
        catch (ContainerException)
        {
            // Broken, or being deleted: it tells nothing any more.
            return null;
        }
    }

    private bool Exists(string file) => folder is not null && File.Exists($"{folder.ProcPath}/{file}");

    private ContainerEvent Event(ContainerEventKind kind, DateTimeOffset? time, Observation? seen) => new()
    {
        Time = time ?? DateTimeOffset.UtcNow,
        Kind = kind,
        Name = Name,
        Id = Id,
        Container = seen is null ? null : container?.Describe(seen),
    };
}
