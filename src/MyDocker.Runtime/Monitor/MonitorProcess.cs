using Mono.Unix.Native;
using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>
/// The process that stays outside: starts one container, owns its log pipes, waits for its end and writes it down. It is
/// the only one of that container, has a session of its own, and depends on nobody.
/// </summary>
internal static class MonitorProcess
{
    /// <summary>Runs one container from start to end.</summary>
    /// <param name="name">The container's name.</param>
    /// <param name="store">Where it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="mode">Whom it begins with: <see cref="MonitorLauncher.Alone"/> and its like.</param>
    public static int Run(string name, ContainerStore store, string id, string mode)
    {
        Credentials.SetThreadName("mydocker-mon");
        // Whatever pwsh or its libraries left open; what belongs to the mode follows the report's pipe.
        Execution.CloseFrom(MonitorLauncher.FirstCompanionDescriptor + mode switch { MonitorLauncher.Fed => 3, MonitorLauncher.Read => 2, MonitorLauncher.Watched => 1, _ => 0 });
        Execution.CloseOnExecFrom(MonitorLauncher.FirstCompanionDescriptor);
        _ = Mounting.TryChangeFolder("/");
        using var readers = mode is MonitorLauncher.Read or MonitorLauncher.Fed ? Readers.Take(mode == MonitorLauncher.Fed) : null;
        var firstWatcher = mode == MonitorLauncher.Watched ? new FileDescriptor(MonitorLauncher.FirstCompanionDescriptor) : null;

        Container container;
        ContainerStart start;
        try
        {
            // Before the bundle is read, whose limits are changed under this lock.
            using var held = Container.Lock(store, id, name);
            (container, var spec) = BundleReader.Load(store, id, name);
            start = ContainerStart.Begin(container, spec, readers?.Input);
            // The process's own from here on: its other end must tell us nothing, and hold nothing open.
            readers?.Input?.Dispose();
        }
        catch (ContainerException exception)
        {
            Report(StartReport.From(exception));
            return 1;
        }

        using (start)
        {
            List<string> warnings = [.. start.Warnings];
            using var watchers = OpenToWatchers(container, start, firstWatcher, warnings);
            Report(new StartReport { Warnings = warnings });
            Keep(container, start, readers, watchers);
        }

        return 0;
    }

    /// <summary>The container runs by now: that nobody can watch it, for want of room on the disk perhaps, is no reason to end it.</summary>
    private static Watchers? OpenToWatchers(Container container, ContainerStart start, FileDescriptor? first, List<string> warnings)
    {
        try
        {
            return start.Input is { } input ? new Watchers(container, input, start.Error is null, first) : null;
        }
        catch (SyscallException exception)
        {
            warnings.Add($"Nobody can attach to container '{container.Name}': {exception.Message}");
            return null;
        }
    }

    private static void Keep(Container container, ContainerStart start, Readers? readers, Watchers? watchers)
    {
        var log = new LogFile($"{container.Folder}/{Container.LogFile}", container.Spec.LogMaximumSize, container.Spec.LogMaximumFiles);
        using var pump = new OutputPump(log, start.Output, start.Error, readers, watchers);
        pump.RunUntilEnd(start.Process, () => SettleDown(container));
        var end = PidFd.TryReap(start.Process) ?? throw new InvalidOperationException("The container's process has ended, yet can't be reaped.");
        pump.Drain();

        var exit = Conclude(container, start.State, end);
        var isRecorded = false;
        void Record()
        {
            start.ExitRecord.Fill(exit);
            isRecorded = true;
        }

        // Whatever fails here, a full disk or a folder that somebody has broken: the end is recorded.
        TryCleanUp(container.ReleaseCgroup);
        watchers?.Close();
        if (container.Spec.AutoRemove)
            TryCleanUp(() => container.RetireAutomatically(Record));
        if (!isRecorded)
            Record();
        watchers?.Dispose();
        // Last, for as long as it takes: everybody else has what they wait for.
        pump.HandOver();
    }

    /// <summary>What is left behind then, the next command finds and sweeps.</summary>
    private static void TryCleanUp(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or ContainerException or UnauthorizedAccessException)
        {
            // Nobody to tell: the session that started us may be gone.
        }
    }

    /// <summary>What the run's end means, seen together with what was asked of it.</summary>
    private static ExitRecord Conclude(Container container, RunState started, ProcessEnd end)
    {
        var stop = ReadStop(container, started.Run);
        var outOfMemory = container.Cgroup.OutOfMemoryKills > 0;
        var killed = end is { Signaled: true, Status: (int)Signum.SIGKILL };
        return new ExitRecord
        {
            Run = started.Run,
            Status = stop is null ? ContainerStatus.Exited : ContainerStatus.Stopped,
            Reason = outOfMemory && end is { Signaled: false, ExitCode: 128 + (int)Signum.SIGKILL } ? StopReason.OutOfMemory
                : !end.Signaled ? StopReason.Exited
                : killed && stop?.Reason is StopReason.Killed or StopReason.UndeliverableSignal ? stop.Reason
                : killed && outOfMemory ? StopReason.OutOfMemory
                : StopReason.Signaled,
            ExitCode = end.ExitCode,
            OomKilled = outOfMemory,
            StartedAt = started.StartedAt,
            FinishedAt = DateTimeOffset.UtcNow,
        };
    }

    private static StopRequest? ReadStop(Container container, int run)
    {
        try
        {
            return container.ReadState() is { } state && state.Run == run ? state.Stop : null;
        }
        catch (ContainerException)
        {
            // Someone broke the file; how the process ended is known all the same.
            return null;
        }
    }

    private static void Report(StartReport report)
    {
        using var channel = new FileDescriptor(MonitorLauncher.ReportDescriptor);
        _ = Files.TryWrite(channel.Number, StoredJson.ToBytes(report, isIndented: false));
        // Where the report was, /dev/null is from now on: the reader sees the end, and nothing else lands on descriptor 2.
        using var nothing = Files.Open("/dev/null", Files.O_RDWR);
        Execution.Duplicate(nothing, MonitorLauncher.ReportDescriptor);
        channel.SetHandleAsInvalid();
    }

    /// <summary>Does what a container that goes on can wait for.</summary>
    private static void SettleDown(Container container)
    {
        TryCleanUp(() => Files.FlushFolder(container.Folder));
        Footprint.Shrink();
    }
}
