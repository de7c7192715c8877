using MyDocker.Cgroups;
using MyDocker.Helper.Init;
using MyDocker.Interop;
using MyDocker.Processes;

namespace MyDocker.Helper.Monitor;

/// <summary>
/// One start, under the container's lock: the monitor's side of the handshake drawn at <see cref="StartReport"/>. Comes
/// back when the user's process has been executed, or leaves nothing behind.
/// </summary>
internal sealed class ContainerStart : IDisposable
{
    private ContainerStart(RunState state, FileDescriptor process, JsonFile.Reservation exitRecord)
    {
        State = state;
        Process = process;
        ExitRecord = exitRecord;
    }

    /// <summary>The run as written to state.json.</summary>
    public RunState State { get; }

    /// <summary>The container's first process.</summary>
    public FileDescriptor Process { get; }

    /// <summary>Room on the disk for the exit record, taken while there is some.</summary>
    public JsonFile.Reservation ExitRecord { get; }

    /// <summary>Where its standard output, or all output of its terminal, is read from.</summary>
    public required FileDescriptor Output { get; init; }

    /// <summary>Where its standard error is read from; null with a terminal.</summary>
    public required FileDescriptor? Error { get; init; }

    /// <summary>Where what it reads is written to: its terminal, the same as <see cref="Output"/>, or its standard input; null where it reads nothing.</summary>
    public required FileDescriptor? Input { get; init; }

    /// <summary>What was done otherwise than asked for.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Starts the container, whose lock the caller holds.</summary>
    /// <param name="container">Which.</param>
    /// <param name="spec">Its bundle.</param>
    /// <param name="standardInput">What its process reads, where whoever starts it has brought that along; it stays the caller's.</param>
    /// <exception cref="ContainerException">What went wrong; nothing is left behind.</exception>
    public static ContainerStart Begin(Container container, OciSpec spec, FileDescriptor? standardInput)
    {
        var before = container.Observe();
        if (!before.Status.CanBecome(ContainerStatus.Running) || before.Status == ContainerStatus.Paused)
            throw container.AlreadyRunning();
        var previous = container.ReadState();
        try
        {
            return Launch(container, spec, (previous?.Run ?? 0) + 1, standardInput);
        }
        catch (Exception exception)
        {
            Undo(container, previous);
            if (exception is ContainerException)
                throw;
            throw new ContainerException(
                ContainerError.ContainerStartFailed, $"Container '{container.Name}' could not be started: {exception.Message}", container.Name, exception);
        }
    }

    /// <summary>The run never was: the container is again what it was before. That this fails too must not hide why.</summary>
    private static void Undo(Container container, RunState? previous)
    {
        try
        {
            container.RestoreState(previous);
            container.ReleaseCgroup();
        }
        catch (Exception exception) when (exception is IOException or ContainerException)
        {
            // The next command finds a run whose processes are dead, and settles it.
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        ExitRecord.Dispose();
        Output.Dispose();
        Error?.Dispose();
    }

    private static ContainerStart Launch(Container container, OciSpec spec, int run, FileDescriptor? standardInput)
    {
        // Of a run that a crash cut short.
        container.ReleaseCgroup();
        var cgroup = container.Cgroup;
        cgroup.Create(spec.Linux.Resources);

        using var nothing = Files.Open("/dev/null", Files.O_RDWR);
        var (ours, theirs) = Channels.CreateSocketPair();
        using var channel = ours;
        var output = Channels.CreatePipe();
        var error = Channels.CreatePipe();
        var input = standardInput is null && BundleReader.IsInteractive(spec) ? Channels.CreatePipe() : ((FileDescriptor? Read, FileDescriptor? Write))(null, null);
        var (pid, process) = Bear(spec, container.Folder, cgroup, [standardInput ?? input.Read ?? nothing, output.Write, error.Write, theirs]);
        theirs.Dispose();
        input.Read?.Dispose();
        output.Write.Dispose();
        error.Write.Dispose();
        try
        {
            var state = new RunState
            {
                Run = run,
                Process = ProcessIdentity.TryRead(pid) ?? throw new InvalidOperationException("its first process ended at once."),
                Monitor = ProcessIdentity.TryRead(Environment.ProcessId)!,
                StartedAt = DateTimeOffset.UtcNow,
            };
            var exitRecord = container.ReserveExit();
            container.MarkStarting();
            container.WriteStateOfStart(state);
            SendGo(channel);
            var (terminal, warnings) = MonitorChannel.AwaitExecution(channel);
            container.MarkStarted();
            return new ContainerStart(state, process, exitRecord)
            {
                Output = terminal ?? output.Read,
                Error = terminal is null ? error.Read : null,
                Input = terminal ?? input.Write,
                Warnings = warnings,
            };
        }
        catch
        {
            PidFd.Send(process, 9);
            _ = Polling.WaitReadable(process);
            _ = PidFd.TryReap(process);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Makes the first process, in its namespaces and its control group; see <see cref="InitProcess"/>.</summary>
    private static (int Pid, FileDescriptor Process) Bear(OciSpec spec, string bundle, Cgroup cgroup, FileDescriptor[] descriptors)
    {
        using var birthPlace = cgroup.BirthPlace();
        if (Cloning.Fork(NamespaceFlags(spec), birthPlace) is { } born)
            return born;
        var status = 1;
        try
        {
            status = InitProcess.Run(bundle, spec, cgroup, descriptors);
        }
        finally
        {
            // Whatever happens, the copy must not go on with the monitor's work.
            Execution.ExitNow(status);
        }

        throw new InvalidOperationException("A process that has ended goes on.");
    }

    /// <summary>The namespaces to be born into; that of the cgroups comes later, when the group is the process's own.</summary>
    private static ulong NamespaceFlags(OciSpec spec)
    {
        ulong flags = 0;
        foreach (var entry in spec.Linux.Namespaces)
        {
            flags |= entry.Type switch
            {
                "pid" => Cloning.CLONE_NEWPID,
                "ipc" => Cloning.CLONE_NEWIPC,
                "uts" => Cloning.CLONE_NEWUTS,
                "mount" => Cloning.CLONE_NEWNS,
                "network" => Cloning.CLONE_NEWNET,
                "cgroup" => 0,
                _ => throw new ContainerException(ContainerError.ContainerStartFailed, $"config.json asks for a namespace '{entry.Type}' that is not known."),
            };
        }

        return flags;
    }

    private static void SendGo(FileDescriptor channel)
    {
        try
        {
            Channels.Send(channel, [MonitorChannel.GoMessage]);
        }
        catch (SyscallException exception) when (exception.Errno == Errno.EPIPE)
        {
            // It has failed and ended already: its report says why.
        }
    }
}
