using MyDocker.Helper.Init;
using MyDocker.Helper.Monitor;
using MyDocker.Interop;

namespace MyDocker.Helper.Exec;

/// <summary>
/// One command's start inside a container, under the container's lock: so it comes before a stop or a freeze, or after it. Any
/// step of joining that fails ends the start before anything runs.
/// </summary>
internal sealed class ExecStart : IDisposable
{
    /// <summary>How long a container that lets nobody in any more may take to be seen dead.</summary>
    private static readonly TimeSpan DeathPatience = TimeSpan.FromSeconds(2);

    private ExecStart(int pid, FileDescriptor process, FileDescriptor? terminal, IReadOnlyList<string> warnings) =>
        (Pid, Process, Terminal, Warnings) = (pid, process, terminal, warnings);

    /// <summary>The command's pid on the host.</summary>
    public int Pid { get; }

    /// <summary>The command.</summary>
    public FileDescriptor Process { get; }

    /// <summary>The master of its terminal; null where it has none.</summary>
    public FileDescriptor? Terminal { get; }

    /// <summary>What was done otherwise than asked for.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Starts the command.</summary>
    /// <exception cref="ContainerException">What went wrong; nothing runs then.</exception>
    public static ExecStart Begin(ContainerStore store, string id, string name, ExecRequest request)
    {
        var (container, spec) = BundleReader.Load(store, id, name);
        using var held = container.Lock();
        var seen = container.Observe();
        using var target = seen.CanBeJoined ? seen.State!.Process.TryOpen() : null;
        if (target is null)
            throw container.NotJoinable(seen.Status);
        try
        {
            return Launch(container, spec, request, target);
        }
        catch (ContainerException exception) when (exception.Error is not (ContainerError.ContainerNotRunning or ContainerError.ContainerStartFailed))
        {
            throw;
        }
        catch (Exception exception)
        {
            // A container that dies meanwhile lets nobody in: its process can't be joined, its control group is gone, or the kernel
            // kills who is on the way. All of that means one thing.
            throw Polling.WaitReadable(target, DeathPatience)
                ? container.NotJoinable(ContainerStatus.Exited)
                : new ContainerException(ContainerError.ContainerCommandFailed, exception.Message, name, exception);
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Terminal?.Dispose();
    }

    private static ExecStart Launch(Container container, OciSpec spec, ExecRequest request, FileDescriptor target)
    {
        var (ours, theirs) = Channels.CreateSocketPair();
        using var channel = ours;
        // For the child alone: we stay where we are.
        Namespaces.Join(target, Cloning.CLONE_NEWPID);
        var (pid, process) = Bear(container, spec, request, [new(0), new(1), new(2), theirs, target]);
        theirs.Dispose();
        // The streams are the command's from now on: its end of a pipe must not stay open with us.
        Execution.CloseStandardStreams();
        try
        {
            var (terminal, warnings) = MonitorChannel.AwaitExecution(channel);
            return new ExecStart(pid, process, terminal, warnings);
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

    private static (int Pid, FileDescriptor Process) Bear(Container container, OciSpec spec, ExecRequest request, FileDescriptor[] descriptors)
    {
        using var birthPlace = container.Cgroup.BirthPlace();
        if (Cloning.Fork(0, birthPlace) is { } born)
            return born;
        var status = 1;
        try
        {
            status = JoiningProcess.Run(spec, container.Cgroup, request, descriptors);
        }
        finally
        {
            // Whatever happens, the copy must not go on with our work.
            Execution.ExitNow(status);
        }

        throw new InvalidOperationException("A process that has ended goes on.");
    }
}
