namespace MyDocker;

/// <summary>Starting a container.</summary>
public sealed partial class Container
{
    /// <summary>Starts the container; returns when the user's process has been executed.</summary>
    /// <param name="warn">Told what was done otherwise than asked for.</param>
    /// <param name="cancellation">Ends the wait; the start goes on.</param>
    /// <exception cref="ContainerException">ContainerRunning, ContainerStartFailed, CommandNotFound, StateWriteFailed.</exception>
    public ContainerInfo Start(Action<string> warn, CancellationToken cancellation)
    {
        RequireStartable(cancellation);
        foreach (var warning in MonitorLauncher.Start(this, MonitorLauncher.Nobody, cancellation).Warnings)
            warn(warning);
        return Inspect();
    }

    internal void RequireStartable(CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Starting a container");
        if (Record.IsChanging == true)
        {
            using var held = Lock(cancellation);
            FinishChange();
        }

        if (Settle(cancellation).Status is var status && (!status.CanBecome(ContainerStatus.Running) || status == ContainerStatus.Paused))
            throw AlreadyRunning();
    }

    internal ContainerException AlreadyRunning() => new(
        ContainerError.ContainerRunning, $"Container '{Name}' is running already. Restart-Container stops and starts it.", Name);
}
