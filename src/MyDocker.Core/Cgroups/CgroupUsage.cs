namespace MyDocker.Cgroups;

/// <summary>What a group's processes have used so far, and may use. Null is what this machine does not count or the group does not limit.</summary>
internal sealed record CgroupUsage
{
    /// <summary>How long they have used processors; null too when the group is gone.</summary>
    public TimeSpan? Cpu { get; init; }

    /// <summary>Bytes of memory, without files that the kernel keeps in memory and could drop at once: docker's rule.</summary>
    public long? Memory { get; init; }

    /// <summary>How many bytes of memory there may be.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes read from disks.</summary>
    public long? IoRead { get; init; }

    /// <summary>Bytes written to disks.</summary>
    public long? IoWritten { get; init; }

    /// <summary>How many processes and threads there are.</summary>
    public long? Pids { get; init; }

    /// <summary>How many there may be.</summary>
    public long? PidsLimit { get; init; }
}
