using MyDocker.Helper.Monitor;
using MyDocker.Interop;

namespace MyDocker.Helper.Exec;

/// <summary>
/// One command's start inside a container. Its process is born under the container's lock: so it comes before a stop or a freeze, or
/// after it. Any step of joining that fails ends the start before anything runs.
/// </summary>
internal sealed class ExecStart : IDisposable
{
    private const int SIGKILL = 9;

    /// <summary>How long a container that lets nobody in any more may take to be seen dead.</summary>
    private static readonly TimeSpan DeathPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long joining may take: the container's lock is held meanwhile, and a file system in there may be stuck.</summary>
    private static readonly TimeSpan JoinPatience = TimeSpan.FromSeconds(10);

    private readonly ExecChannel session;
    private readonly JoiningChannel joining;
    private readonly FileDescriptor joiner;

    private ExecStart(ExecChannel session, JoiningChannel joining, FileDescriptor joiner) =>
        (this.session, this.joining, this.joiner) = (session, joining, joiner);

    /// <summary>The command's pid on the host.</summary>
    public int Pid => joining.Process!.Value.Pid;

    /// <summary>The command.</summary>
    public FileDescriptor Process => joining.Process!.Value.Descriptor;

    /// <summary>The master of its terminal; null where it has none.</summary>
    public FileDescriptor? Terminal => joining.Terminal;

    /// <summary>What was done otherwise than asked for.</summary>
    public IReadOnlyList<string> Warnings => joining.Warnings;

    /// <summary>Starts the command.</summary>
    /// <exception cref="ContainerException">What went wrong; nothing runs then.</exception>
    /// <exception cref="OperationCanceledException">The session has gone, or wants it no more; nothing runs then.</exception>
    public static ExecStart Begin(ContainerStore store, string id, string name, ExecRequest request, ExecChannel session)
    {
        var (container, spec) = BundleReader.Load(store, id, name);
        FileDescriptor? target = null;
        ExecStart? start = null;
        try
        {
            using (container.Lock())
            {
                (var pid, target) = Open(container);
                start = Launch(container, spec, request, pid, target, session);
                start.AwaitBirth();
            }

            // It belongs to the container now, and whoever stops that ends it. From here on the container may hold it up.
            start.AwaitExecution();
            return start;
        }
        catch (Exception exception)
        {
            start?.Abandon();
            if (target is null || exception is OperationCanceledException or ContainerException { Error: not (ContainerError.ContainerNotRunning or ContainerError.ContainerStartFailed) })
                throw;
            // A container that dies meanwhile lets nobody in: its process can't be joined, its control group is gone, or the kernel
            // kills who is on the way. All of that means one thing.
            throw Polling.WaitReadable(target, DeathPatience)
                ? container.NotJoinable(ContainerStatus.Exited)
                : new ContainerException(ContainerError.ContainerCommandFailed, exception.Message, name, exception);
        }
        finally
        {
            target?.Dispose();
        }
    }

    public void Dispose()
    {
        joining.Process?.Descriptor.Dispose();
        joining.Terminal?.Dispose();
        joining.Dispose();
        joiner.Dispose();
    }

    private static (int Pid, FileDescriptor Process) Open(Container container)
    {
        var seen = container.Observe();
        return seen.CanBeJoined && seen.State!.Process.TryOpen() is { } process ? (seen.State.Process.Pid, process) : throw container.NotJoinable(seen.Status);
    }

    private static ExecStart Launch(Container container, OciSpec spec, ExecRequest request, int pid, FileDescriptor target, ExecChannel session)
    {
        var (ours, theirs) = Channels.CreateSocketPair();
        using (theirs)
        {
            using var birthPlace = container.Cgroup.BirthPlaceBeside(pid);
            if (Cloning.Fork(0, birthPlace) is { } joiner)
            {
                // The streams are the command's from now on: its end of a pipe must not stay open with us.
                Execution.CloseStandardStreams();
                return new ExecStart(session, new JoiningChannel(ours), joiner.Process);
            }

            var status = 1;
            try
            {
                status = JoiningProcess.Run(spec, container.Cgroup, request, [new(0), new(1), new(2), theirs, target]);
            }
            finally
            {
                // Whatever happens, the copy must not go on with our work.
                Execution.ExitNow(status);
            }
        }

        throw new InvalidOperationException("A process that has ended goes on.");
    }

    private void AwaitBirth()
    {
        while (joining.Process is null)
        {
            if (!AwaitMessage(JoinPatience))
                throw new ContainerException(ContainerError.ContainerCommandFailed, "Getting into the container took too long: is a file system stuck that it uses?");
            _ = joining.Take();
        }
    }

    private void AwaitExecution()
    {
        do _ = AwaitMessage(null);
        while (joining.Take());
        // Its end of the channel is closed, so it is past everything that could hold it up.
        Reap(joiner);
    }

    private bool AwaitMessage(TimeSpan? timeout)
    {
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = joining.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = session.Number, Events = Polling.POLLIN },
        ];
        var ready = Polling.Wait(entries, timeout);
        // Whatever it says before the start is told: there is nothing to detach from.
        if (entries[1].Ready != 0)
            throw new OperationCanceledException();
        return ready > 0;
    }

    /// <summary>Ends whatever has been started. What can't die now, in a container that is frozen for instance, dies when it can.</summary>
    private void Abandon()
    {
        foreach (var process in (ReadOnlySpan<FileDescriptor?>)[joiner, joining.Process?.Descriptor])
        {
            if (process is null)
                continue;
            PidFd.Send(process, SIGKILL);
            if (Polling.WaitReadable(process, DeathPatience))
                Reap(process);
        }

        Dispose();
    }

    private static void Reap(FileDescriptor process)
    {
        _ = Polling.WaitReadable(process);
        _ = PidFd.TryReap(process);
    }
}
