namespace MyDocker;

/// <summary>What a container is doing. Derived from the kernel and the exit record on every read, never believed.</summary>
public enum ContainerStatus
{
    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Its first process is alive.</summary>
    Running,

    /// <summary>Alive and frozen.</summary>
    Paused,

    /// <summary>Asked to stop, not yet ended.</summary>
    Stopping,

    /// <summary>Ended because we stopped it.</summary>
    Stopped,

    /// <summary>Ended by itself.</summary>
    Exited,

    /// <summary>Ended, and about to be started again by its restart policy.</summary>
    Restarting,
}

/// <summary>Which status may follow which, and what each allows.</summary>
public static class ContainerStatusTransitions
{
    private static readonly (ContainerStatus From, ContainerStatus To)[] Allowed =
    [
        (ContainerStatus.Created, ContainerStatus.Running),
        (ContainerStatus.Running, ContainerStatus.Paused),
        (ContainerStatus.Running, ContainerStatus.Stopping),
        (ContainerStatus.Running, ContainerStatus.Exited),
        (ContainerStatus.Running, ContainerStatus.Restarting),
        (ContainerStatus.Paused, ContainerStatus.Running),
        (ContainerStatus.Paused, ContainerStatus.Stopping),
        (ContainerStatus.Paused, ContainerStatus.Exited),
        (ContainerStatus.Stopping, ContainerStatus.Stopping),
        (ContainerStatus.Stopping, ContainerStatus.Stopped),
        (ContainerStatus.Stopped, ContainerStatus.Running),
        (ContainerStatus.Exited, ContainerStatus.Running),
        (ContainerStatus.Restarting, ContainerStatus.Running),
        (ContainerStatus.Restarting, ContainerStatus.Stopped),
        (ContainerStatus.Restarting, ContainerStatus.Exited),
    ];

    /// <summary>Whether a container may go from one status to the other. Stopping may be asked for again.</summary>
    public static bool CanBecome(this ContainerStatus from, ContainerStatus to) => Allowed.Contains((from, to));

    /// <summary>Whether the container has a live process.</summary>
    public static bool IsAlive(this ContainerStatus status) =>
        status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Stopping;
}
