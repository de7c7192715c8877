using System.Globalization;
using Mono.Unix.Native;

namespace MyDocker;

/// <summary>What a container shall be, as its creator asked for it.</summary>
public sealed record ContainerSpec
{
    /// <summary>The built-in image made of the machine's own /usr.</summary>
    public const string HostImage = "host";

    /// <summary>Names that <see cref="CapabilityAdd"/> and <see cref="CapabilityDrop"/> take; see capabilities(7).</summary>
    public static IReadOnlyList<string> KnownCapabilities => Capabilities.All;

    /// <summary>How long Stop-Container waits where neither it nor the container says otherwise.</summary>
    public const int DefaultStopTimeoutSeconds = 10;

    /// <summary>The image's reference; null where a folder is given.</summary>
    public string? Image { get; init; }

    /// <summary>An absolute folder that becomes the root, below a copy-on-write layer; never modified.</summary>
    public string? RootFileSystem { get; init; }

    /// <summary>argv, as given.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Variables added to the defaults (PATH, HOSTNAME, HOME, TERM), or replacing them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder the process starts in.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>user, uid, user:group or uid:gid, looked up in the root's own /etc/passwd; null is root.</summary>
    public string? User { get; init; }

    /// <summary>The host name inside; null is the short id.</summary>
    public string? Hostname { get; init; }

    /// <summary>Free words for finding containers again.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Host folders and files, and temporary file systems, put into the root.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>What the container may use at the most.</summary>
    public ContainerLimits Limits { get; init; } = new();

    /// <summary>none (loopback only) or host.</summary>
    public ContainerNetworkMode Network { get; init; }

    /// <summary>Whether the process gets a pseudo-terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Whether the process's standard input stays open for whoever attaches to it; with a terminal it does anyway.</summary>
    public bool Interactive { get; init; }

    /// <summary>Whether the root file system is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether PID 1 is a small init that forwards signals and reaps, with the command as its child.</summary>
    public bool Init { get; init; }

    /// <summary>Whether the process gets every capability, and nothing is masked or read-only.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities beyond docker's default set; ALL is every one.</summary>
    public IReadOnlyList<string> CapabilityAdd { get; init; } = [];

    /// <summary>Capabilities taken from docker's default set; ALL is every one.</summary>
    public IReadOnlyList<string> CapabilityDrop { get; init; } = [];

    /// <summary>What Stop-Container sends first.</summary>
    public Signum StopSignal { get; init; } = Signum.SIGTERM;

    /// <summary>Seconds between that signal and SIGKILL; -1 is for ever.</summary>
    public int StopTimeoutSeconds { get; init; } = DefaultStopTimeoutSeconds;

    /// <summary>Whether the container is removed when it ends.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Bytes after which the log goes on in a new file.</summary>
    public long LogMaximumSize { get; init; } = 10_000_000;

    /// <summary>How many log files are kept, the current one included.</summary>
    public int LogMaximumFiles { get; init; } = 3;
}

/// <summary>How a container is connected.</summary>
public enum ContainerNetworkMode
{
    /// <summary>A network namespace of its own with nothing but loopback.</summary>
    None,

    /// <summary>The host's network, shared.</summary>
    Host,
}

/// <summary>Something put into a container's root.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Source">The host's absolute path for a bind; null otherwise.</param>
/// <param name="Destination">The absolute path inside.</param>
/// <param name="ReadOnly">Whether it can't be written to.</param>
/// <param name="Options">Further mount options, as in mount(8): size=64m for a temporary file system.</param>
public sealed record ContainerMount(
    ContainerMountKind Kind, string? Source, string Destination, bool ReadOnly = false, IReadOnlyList<string>? Options = null)
{
    /// <summary>As it was written: source:destination[:ro], or the destination.</summary>
    public override string ToString() => (Source is null ? Destination : $"{Source}:{Destination}") + (ReadOnly ? ":ro" : "");
}

/// <summary>Where a mount comes from.</summary>
public enum ContainerMountKind
{
    /// <summary>A folder or file of the host.</summary>
    Bind,

    /// <summary>Memory, empty at each start.</summary>
    Tmpfs,
}

/// <summary>What a container may use at the most; null is no limit.</summary>
public sealed record ContainerLimits
{
    /// <summary>Bytes of memory; as much swap again is allowed, as docker does.</summary>
    public long? Memory { get; init; }

    /// <summary>Processors, in fractions.</summary>
    public double? Cpus { get; init; }

    /// <summary>Weight among containers that compete for processors; 1024 is the usual one.</summary>
    public long? CpuShares { get; init; }

    /// <summary>Which processors, as in cpuset(7): 0-2,7.</summary>
    public string? CpuSet { get; init; }

    /// <summary>How many processes and threads.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>What is limited, in words; "none" where nothing is.</summary>
    public override string ToString()
    {
        (string Name, object? Value)[] limits =
            [("Memory", Memory), ("Cpus", Cpus), ("CpuShares", CpuShares), ("CpuSet", CpuSet), ("PidsLimit", PidsLimit)];
        var set = limits.Where(limit => limit.Value is not null).Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name}={limit.Value}"));
        return string.Join(' ', set) is { Length: > 0 } words ? words : "none";
    }
}
