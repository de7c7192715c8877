namespace MyDocker;

/// <summary>Executing a command inside a running container.</summary>
public sealed partial class Container
{
    /// <summary>Executes a command in all of the container's namespaces, its control group, and with its rights; returns when it is executed.</summary>
    /// <param name="request">What, and how.</param>
    /// <param name="warn">Told what was done otherwise than asked for.</param>
    /// <param name="cancellation">Ends the wait; nothing is executed then, or it is killed.</param>
    /// <exception cref="ContainerException">ContainerNotRunning, CommandNotFound, ContainerCommandFailed, InvalidArgument.</exception>
    public ExecSession Exec(ExecRequest request, Action<string> warn, CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Executing a command in a container");
        SpecValidation.Check(request);
        // Asked here too, as a helper needs no starting to see that; the helper asks again under the lock.
        if (Observe() is { CanBeJoined: false } seen)
            throw NotJoinable(seen.Status);
        return ExecLauncher.Start(this, request, warn, cancellation);
    }

    internal ContainerException NotJoinable(ContainerStatus status) => new(
        ContainerError.ContainerNotRunning,
        status == ContainerStatus.Paused
            ? $"Container '{Name}' is paused: nothing in it would run. Let it go on first (Resume-Container {Name})."
            : $"Container '{Name}' is not running: start it first (Start-Container {Name}).",
        Name);
}
