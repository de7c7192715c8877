using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// A container's root as its processes see it, volumes and all, held by descriptor. Of one that runs it is reached through its first
/// process, which is held by pidfd; of one that does not, the helper mounts it, and nobody starts the container meanwhile.
/// Nothing is executed inside, and nothing of it is loaded (CVE-2019-14271).
/// </summary>
internal sealed class ContainerRoot : ItemRoot
{
    private readonly string name;
    private readonly FileDescriptor? process;
    private readonly RootLauncher? resting;

    private ContainerRoot(string name, FileDescriptor folder, FileDescriptor? process, RootLauncher? resting)
        : base(folder)
    {
        this.name = name;
        this.process = process;
        this.resting = resting;
    }

    /// <summary>Opens a container's root, whatever the container does at the moment.</summary>
    /// <exception cref="ContainerException">ContainerNotFound, ContainerStateInvalid, CopyFailed.</exception>
    public static ContainerRoot Open(Container container, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = container.Settle(cancellation);
            if (!seen.Status.IsAlive())
            {
                if (TryOpenResting(container, cancellation) is { } resting)
                    return resting;
            }
            else if (TryOpenRunning(container, seen.State!) is { } running)
            {
                return running;
            }
            else
            {
                AwaitEnd(container, seen.State!, cancellation);
            }
        }
    }

    /// <summary>Opens the root of a container that runs; null when it does not.</summary>
    public static ContainerRoot? TryOpenRunning(Container container) =>
        container.Observe() is { State: { } state } seen && seen.Status.IsAlive() ? TryOpenRunning(container, state) : null;

    public override void RequireWhole()
    {
        if (process is not null && Polling.WaitReadable(process, TimeSpan.Zero))
        {
            // Its volumes are unmounted by now: what we would find in their place is what lies below them.
            throw new ContainerException(
                ContainerError.ContainerNotRunning, $"Container '{name}' ended while it was being copied from or to: the copy is not complete. Copy again.", name);
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            process?.Dispose();
            resting?.Dispose();
        }
    }

    /// <summary>Null when the process has ended.</summary>
    private static ContainerRoot? TryOpenRunning(Container container, RunState state)
    {
        var process = state.Process.TryOpen();
        if (process is null)
            return null;
        var folder = Files.TryOpen($"/proc/{state.Process.Pid}/root", Files.O_PATH | Files.O_DIRECTORY);
        var failure = folder is null ? SyscallException.FromLastError("open", $"/proc/{state.Process.Pid}/root") : null;
        // Only a process that is still there has had the number all the time.
        if (!Polling.WaitReadable(process, TimeSpan.Zero))
            return folder is not null ? new ContainerRoot(container.Name, folder, process, null) : throw failure!;
        folder?.Dispose();
        process.Dispose();
        return null;
    }

    /// <summary>Null when it has been started meanwhile.</summary>
    private static ContainerRoot? TryOpenResting(Container container, CancellationToken cancellation)
    {
        var held = container.Lock(cancellation);
        try
        {
            var seen = container.Observe();
            if (!seen.Status.IsAlive() && seen.StartUnderway is null)
            {
                var launched = RootLauncher.Launch(container, held, cancellation);
                return new ContainerRoot(container.Name, launched.Root, null, launched);
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        held.Dispose();
        return null;
    }

    private static void AwaitEnd(Container container, RunState state, CancellationToken cancellation)
    {
        using var waiter = new ContainerWaiter(cancellation);
        if (waiter.TryAdd(container, state, null))
            _ = waiter.Next();
    }
}
