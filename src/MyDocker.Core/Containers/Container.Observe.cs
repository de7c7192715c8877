using MyDocker.Interop;

namespace MyDocker;

/// <summary>How the status is derived: exit record? a live process of that very identity? frozen? asked to stop?</summary>
public sealed partial class Container
{
    /// <summary>How long a reader waits for a monitor that is about to write the exit record.</summary>
    private static readonly TimeSpan ExitRecordPatience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an init without a monitor may take to end itself.</summary>
    private static readonly TimeSpan OrphanedStartPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the container as it is now.</summary>
    /// <exception cref="ContainerException">ContainerStateInvalid when one of its files is broken.</exception>
    public ContainerInfo Inspect() => Describe(Observe());

    /// <summary>Derives the status from the files and the kernel.</summary>
    internal Observation Observe()
    {
        var state = ReadState();
        // After the state: a run that ends in between has its record by then, or its monitor is still alive.
        var exit = ReadExit();
        if (state is null)
            return new Observation(ContainerStatus.Created, null, null);
        if (exit?.Run == state.Run)
            return new Observation(exit.Status, state, exit);

        if (!state.Process.IsAlive)
            return ObserveEnd(state, exit);
        if (IsStarting)
        {
            if (state.Monitor.IsAlive)
                return BeforeStart(state, exit);
            SeeOrphanedStartThrough(state);
            if (!state.Process.IsAlive)
                return ObserveEnd(state, exit);
        }

        var status = state.Stop is not null ? ContainerStatus.Stopping
            : Cgroup.IsFrozen ? ContainerStatus.Paused
            : ContainerStatus.Running;
        return new Observation(status, state, null);
    }

    /// <summary>
    /// The monitor was killed in the middle of a start. An init that had not been told to go on ends itself at once, and never ran
    /// the user's program; one that had goes on to run it, and is running from then on.
    /// </summary>
    private void SeeOrphanedStartThrough(RunState state)
    {
        using var process = state.Process.TryOpen();
        if (process is null || Polling.WaitReadable(process, OrphanedStartPatience))
            return;
        MarkStarted();
    }

    /// <summary>The process is gone, and when we looked there was no record of how it ended.</summary>
    private Observation ObserveEnd(RunState state, ExitRecord? previous)
    {
        using (var monitor = state.Monitor.TryOpen())
        {
            if (monitor is not null && IsStarting)
                return BeforeStart(state, previous);
            if (monitor is not null)
                WaitBrieflyForExitRecord(state);
            if (ReadExit() is { } exit && exit.Run == state.Run)
                return new Observation(exit.Status, state, exit);
            if (monitor is not null && state.Monitor.IsAlive)
                return new Observation(ContainerStatus.Stopping, state, null);
        }

        // Read once more: the monitor may have written its record and ended between our two looks.
        var last = ReadExit();
        if (last?.Run != state.Run && !Directory.Exists(Folder))
            throw ContainerException.NotFound(Name);
        // The state too: a stop may have been asked for since.
        var record = last?.Run == state.Run ? last : LostExit(ReadState() is { } latest && latest.Run == state.Run ? latest : state);
        return new Observation(record.Status, state, record);
    }

    /// <summary>A start that has not come through yet changes nothing: the container is what it was before.</summary>
    private static Observation BeforeStart(RunState state, ExitRecord? previous) => previous is null
        ? new Observation(ContainerStatus.Created, null, null) { StartUnderway = state }
        : new Observation(previous.Status, state with { Run = previous.Run }, previous) { StartUnderway = state };

    private void WaitBrieflyForExitRecord(RunState state)
    {
        using var waiter = new ContainerWaiter(CancellationToken.None);
        if (waiter.TryAdd(this, state, ExitRecordPatience))
            _ = waiter.Next();
    }

    internal static ExitRecord LostExit(RunState state) => new()
    {
        Run = state.Run,
        Status = state.Stop is null ? ContainerStatus.Exited : ContainerStatus.Stopped,
        Reason = StopReason.Lost,
        StartedAt = state.StartedAt,
        FinishedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>
    /// Writes down that a run was lost and frees what it held: the process and its monitor are both dead. Called by every
    /// command that changes a container, so the next one after a crash cleans up.
    /// </summary>
    internal Observation Settle(CancellationToken cancellation = default)
    {
        var seen = Observe();
        if (seen.Exit is not { Reason: StopReason.Lost } lost || ReadExit()?.Run == lost.Run)
            return seen;
        using (Lock(cancellation))
        {
            var now = Observe();
            if (now.Exit is { Reason: StopReason.Lost } still && ReadExit()?.Run != still.Run)
            {
                ReleaseCgroup();
                WriteExit(still);
            }

            return now;
        }
    }

    /// <summary>Kills what is left in the control group and removes it.</summary>
    internal void ReleaseCgroup()
    {
        var cgroup = Cgroup;
        if (cgroup.TryRemoveEmpty())
            return;
        cgroup.Kill();
        _ = cgroup.TryRemove();
    }

    internal ContainerInfo Describe(Observation seen)
    {
        var ended = !seen.Status.IsAlive();
        return new ContainerInfo
        {
            Id = Id,
            Name = Name,
            Status = seen.Status,
            Pid = ended ? null : seen.State?.Process.Pid,
            Command = Spec.Command,
            Image = Spec.Image ?? Spec.RootFileSystem ?? "",
            CreatedAt = Record.CreatedAt,
            StartedAt = seen.Exit?.StartedAt ?? seen.State?.StartedAt,
            FinishedAt = seen.Exit?.FinishedAt,
            ExitCode = seen.Exit?.ExitCode,
            StopReason = seen.Exit?.Reason ?? StopReason.None,
            OomKilled = seen.Exit?.OomKilled ?? false,
            RestartCount = Math.Max(0, (seen.State?.Run ?? 0) - 1),
            Hostname = Spec.Hostname ?? Id[..12],
            Labels = Spec.Labels,
            Environment = Spec.Environment,
            Mounts = Spec.Mounts,
            Limits = Spec.Limits,
            Network = Spec.Network,
            LogPath = $"{Folder}/{LogFile}",
            BundlePath = Folder,
        };
    }
}

/// <summary>A container's status with the files it was derived from.</summary>
/// <param name="Status">The derived status.</param>
/// <param name="State">The run it belongs to; null before the first.</param>
/// <param name="Exit">How that run ended; null while it has not.</param>
internal sealed record Observation(ContainerStatus Status, RunState? State, ExitRecord? Exit)
{
    /// <summary>A start in progress, which the status does not show yet.</summary>
    public RunState? StartUnderway { get; init; }

    /// <summary>Whether there is a process whose namespaces can be joined, in a control group where things run.</summary>
    public bool CanBeJoined => Status is ContainerStatus.Running or ContainerStatus.Stopping && StartUnderway is null;
}
