namespace MyDocker;

/// <summary>A container as it is at one moment: what every cmdlet emits.</summary>
public sealed record ContainerInfo
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing, derived from the kernel.</summary>
    public required ContainerStatus Status { get; init; }

    /// <summary>The first process's id on the host while it is alive.</summary>
    public int? Pid { get; init; }

    /// <summary>argv, as given.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The command in one line, quoted as a shell would need it.</summary>
    public string CommandLine => ShellQuoting.Join(Command);

    /// <summary>The image, or the folder given as root file system.</summary>
    public required string Image { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The exit status of the last run, 128+n after signal n; null while there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why the last run ended.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>Whether the kernel killed any of its processes for want of memory in the last run.</summary>
    public bool OomKilled { get; init; }

    /// <summary>How many times it has been started again after its first start.</summary>
    public int RestartCount { get; init; }

    /// <summary>The host name inside.</summary>
    public required string Hostname { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The variables it was given.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>What was put into its root.</summary>
    public required IReadOnlyList<ContainerMount> Mounts { get; init; }

    /// <summary>What it may use at the most.</summary>
    public required ContainerLimits Limits { get; init; }

    /// <summary>How it is connected.</summary>
    public required ContainerNetworkMode Network { get; init; }

    /// <summary>The file its output goes to.</summary>
    public required string LogPath { get; init; }

    /// <summary>The folder with its OCI config.json, for runc and other tools.</summary>
    public required string BundlePath { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
