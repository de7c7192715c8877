namespace MyDocker;

/// <summary>What a container uses at one moment, and has used since its start. Null is what this machine does not count.</summary>
public sealed record ContainerStatistics
{
    /// <summary>When this was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>How busy it has kept processors since the reading before; 100 is one processor.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>How long it has used processors since its start.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Bytes of memory, without files that the kernel keeps in memory and could drop at once.</summary>
    public long? MemoryUsage { get; init; }

    /// <summary>How many bytes it may use; null where it has no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How much of its limit that is or, where it has none, of the machine's memory.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Bytes read from disks since its start.</summary>
    public long? IoRead { get; init; }

    /// <summary>Bytes written to disks since its start.</summary>
    public long? IoWrite { get; init; }

    /// <summary>Bytes that came in through its network since its start, loopback left out; null where it shares the host's.</summary>
    public long? NetworkReceived { get; init; }

    /// <summary>Bytes that went out likewise.</summary>
    public long? NetworkSent { get; init; }

    /// <summary>How many processes and threads it has.</summary>
    public long? Pids { get; init; }

    /// <summary>How many it may have; null where it has no limit.</summary>
    public long? PidsLimit { get; init; }
}
