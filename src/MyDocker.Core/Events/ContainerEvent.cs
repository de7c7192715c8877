namespace MyDocker;

/// <summary>Something that has happened to a container.</summary>
public sealed record ContainerEvent
{
    /// <summary>When it happened, as far as that is written down; else when it was seen.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened.</summary>
    public required ContainerEventKind Kind { get; init; }

    /// <summary>The container's name from then on; the beginning of its id where it was gone before that could be read.</summary>
    public required string Name { get; init; }

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name it had before, where it was renamed.</summary>
    public string? OldName { get; init; }

    /// <summary>How the process ended, 128+n after signal n; null for other events, and where nobody has seen it end.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it ended; None for other events.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>The container when the event was seen; null once it is removed.</summary>
    public ContainerInfo? Container { get; init; }

    /// <summary>What happened to whom.</summary>
    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>What can happen to a container.</summary>
public enum ContainerEventKind
{
    /// <summary>It was made.</summary>
    Created,

    /// <summary>Its command has been executed.</summary>
    Started,

    /// <summary>Suspend-Container has frozen it.</summary>
    Paused,

    /// <summary>Resume-Container has let it go on.</summary>
    Resumed,

    /// <summary>It was asked to stop.</summary>
    Stopping,

    /// <summary>The kernel has killed one of its processes for want of memory. Told when it ends.</summary>
    OutOfMemory,

    /// <summary>It has ended because somebody stopped it.</summary>
    Stopped,

    /// <summary>It has ended by itself.</summary>
    Exited,

    /// <summary>It has another name.</summary>
    Renamed,

    /// <summary>Set-Container has changed it.</summary>
    Updated,

    /// <summary>It is no more.</summary>
    Removed,
}

/// <summary>Hands an event to a handler.</summary>
/// <param name="containerEvent">What has happened.</param>
public sealed class ContainerEventArgs(ContainerEvent containerEvent) : EventArgs
{
    /// <summary>What has happened.</summary>
    public ContainerEvent Event { get; } = containerEvent;
}
