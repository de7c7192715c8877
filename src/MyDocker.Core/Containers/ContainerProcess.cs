namespace MyDocker;

/// <summary>One process of a container, as it was at one moment.</summary>
public sealed record ContainerProcess
{
    /// <summary>Its id on the host.</summary>
    public required int Pid { get; init; }

    /// <summary>Its id inside the container; null for one that was put into the container's control group from outside.</summary>
    public int? ContainerPid { get; init; }

    /// <summary>Its parent's id on the host.</summary>
    public required int ParentPid { get; init; }

    /// <summary>Its user's name by the container's own /etc/passwd, or else the number.</summary>
    public required string User { get; init; }

    /// <summary>Its user's number.</summary>
    public required uint UserId { get; init; }

    /// <summary>What it was doing.</summary>
    public required ContainerProcessState State { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>How long it has used processors, in its own code and in the kernel.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Bytes of memory it holds, shared ones included.</summary>
    public required long Memory { get; init; }

    /// <summary>argv, as the process has it now; empty for one that has ended and was not reaped yet.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The command in one line, quoted as a shell would need it; the kernel's name for the process where there is no argv.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The container's name.</summary>
    public required string ContainerName { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The number and the command.</summary>
    public override string ToString() => $"{Pid} {CommandLine}";
}

/// <summary>What a process is doing; see the state in proc_pid_stat(5).</summary>
public enum ContainerProcessState
{
    /// <summary>None of the states below.</summary>
    Unknown,

    /// <summary>It runs, or could (R).</summary>
    Running,

    /// <summary>It waits for something, and a signal would wake it (S).</summary>
    Sleeping,

    /// <summary>It waits in the kernel, for a disk for instance (D); a suspended one does so as well.</summary>
    DiskSleep,

    /// <summary>It was stopped by a signal (T).</summary>
    Stopped,

    /// <summary>A debugger holds it (t).</summary>
    Traced,

    /// <summary>It has ended, and its parent has not asked how (Z).</summary>
    Zombie,

    /// <summary>It is just going (X).</summary>
    Dead,
}
