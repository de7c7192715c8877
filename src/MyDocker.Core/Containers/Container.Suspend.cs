namespace MyDocker;

/// <summary>Suspending a container, and letting it go on: the freezer of its control group, see freezer in cgroups(7).</summary>
public sealed partial class Container
{
    /// <summary>Freezes every process of the container; one that is frozen already stays so.</summary>
    /// <param name="cancellation">Ends the wait; the container goes on then.</param>
    /// <exception cref="ContainerException">ContainerNotRunning, for one that is being stopped too; ContainerSuspendTimeout.</exception>
    public ContainerInfo Suspend(CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Suspending a container");
        using var held = Lock(cancellation);
        var seen = RequireAlive();
        if (seen.Status == ContainerStatus.Stopping)
        {
            throw new ContainerException(
                ContainerError.ContainerNotRunning, $"Container '{Name}' is being stopped, and frozen it could not end: wait for it (Wait-Container {Name}).", Name);
        }

        if (seen.Status == ContainerStatus.Running)
        {
            FreezeOrThaw(cancellation);
            RecordPause(seen.State!, DateTimeOffset.UtcNow);
        }

        return Inspect();
    }

    /// <summary>Lets a frozen container go on; one that runs already goes on running.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning.</exception>
    public ContainerInfo Resume(CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Resuming a container");
        using var held = Lock(cancellation);
        var seen = RequireAlive();
        if (Cgroup.IsFrozen)
        {
            Cgroup.Thaw();
            RecordPause(seen.State!, null);
        }

        return Inspect();
    }

    /// <summary>Half frozen is worse than running: whatever ends the freeze too early, all processes go on.</summary>
    private void FreezeOrThaw(CancellationToken cancellation)
    {
        try
        {
            Cgroup.Freeze(cancellation);
        }
        catch (TimeoutException exception)
        {
            Cgroup.Thaw();
            throw new ContainerException(
                ContainerError.ContainerSuspendTimeout,
                $"Container '{Name}' could not be suspended, and goes on: one of its processes waits in the kernel (state D), for a disk or a network "
                + "file system perhaps. Try again when that has answered.",
                Name,
                exception);
        }
        catch (OperationCanceledException)
        {
            Cgroup.Thaw();
            throw;
        }
        catch (IOException) when (!Cgroup.Exists)
        {
            // It ended meanwhile, and its monitor has taken the group away.
            _ = RequireAlive();
            throw;
        }
    }

    /// <summary>Leaves a trace for those who watch the store. Written after the fact, so that who looks then sees it; a full disk hinders nobody.</summary>
    private void RecordPause(RunState state, DateTimeOffset? pausedAt)
    {
        try
        {
            WriteState(state with { PausedAt = pausedAt });
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.StateWriteFailed)
        {
            // The kernel knows.
        }
    }
}
