using System.Management.Automation;
using Mono.Unix.Native;

namespace MyDocker.Commands;

/// <summary>The parameters that say what a container shall be, for New-Container and Invoke-Container.</summary>
public abstract class ContainerSpecCmdlet : ContainerCmdlet
{
    private const string ByImage = "Image";
    private const string ByFolder = "RootFileSystem";

    /// <summary>The command and its arguments, as given; put -- before it when an argument begins with a dash.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    [ArgumentListTransformation]
    public string[] Command { get; set; } = [];

    /// <summary>The container's name; a readable one is made up when none is given.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? Name { get; set; }

    /// <summary>The image; host, the default, is made of this machine's own programs.</summary>
    [Parameter(ParameterSetName = ByImage)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = ContainerSpec.HostImage;

    /// <summary>A folder that becomes the root, below a copy-on-write layer; it is never modified.</summary>
    [Parameter(ParameterSetName = ByFolder, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? RootFileSystem { get; set; }

    /// <summary>Environment variables, as a hashtable or as NAME=value.</summary>
    [Parameter]
    [Alias("Env")]
    [KeyValueTransformation]
    [ValidateNotNull]
    public IDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>The folder to start in.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string WorkingDirectory { get; set; } = "/";

    /// <summary>user, uid, user:group or uid:gid, by the container's own /etc/passwd.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The host name inside; the first twelve characters of the id by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Hostname { get; set; }

    /// <summary>Labels, as a hashtable or as name=value.</summary>
    [Parameter]
    [KeyValueTransformation]
    [ValidateNotNull]
    public IDictionary<string, string> Label { get; set; } = new Dictionary<string, string>();

    /// <summary>Folders and files of this machine: /source:/destination, with :ro for read-only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Volume { get; set; }

    /// <summary>Folders in memory: /destination, with :size=64m for a size.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Tmpfs { get; set; }

    /// <summary>Bytes of memory: 256MB, '512m', '1.5GiB'.</summary>
    [Parameter]
    [SizeTransformation]
    public long? Memory { get; set; }

    /// <summary>Processors, in fractions: 0.5 is half of one.</summary>
    [Parameter]
    public double? Cpus { get; set; }

    /// <summary>Weight among containers that compete for processors; 1024 is the usual one.</summary>
    [Parameter]
    public long? CpuShares { get; set; }

    /// <summary>Which processors: 0-2,7.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CpuSet { get; set; }

    /// <summary>How many processes and threads.</summary>
    [Parameter]
    public long? PidsLimit { get; set; }

    /// <summary>none, with nothing but loopback, or host.</summary>
    [Parameter]
    public ContainerNetworkMode Network { get; set; }

    /// <summary>Give the process a pseudo-terminal.</summary>
    [Parameter]
    public SwitchParameter Terminal { get; set; }

    /// <summary>Keep the process's standard input open for whoever attaches to it.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Make the root file system read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Make PID 1 a small init that forwards signals and reaps, with the command as its child.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>Every capability, every device, nothing masked or read-only.</summary>
    [Parameter]
    public SwitchParameter Privileged { get; set; }

    /// <summary>Capabilities beyond docker's default set, NET_ADMIN for instance; ALL is every one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] CapabilityAdd { get; set; } = [];

    /// <summary>Capabilities to take from docker's default set; ALL is every one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CapabilityCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] CapabilityDrop { get; set; } = [];

    /// <summary>What Stop-Container sends first.</summary>
    [Parameter]
    public Signum StopSignal { get; set; } = Signum.SIGTERM;

    /// <summary>Seconds between that signal and SIGKILL: 0 is at once, -1 for ever.</summary>
    [Parameter]
    [Alias("StopTimeout")]
    [ValidateRange(-1, int.MaxValue)]
    public int StopTimeoutSeconds { get; set; } = ContainerSpec.DefaultStopTimeoutSeconds;

    /// <summary>Remove the container when it ends.</summary>
    [Parameter]
    public SwitchParameter AutoRemove { get; set; }

    /// <summary>What the parameters say.</summary>
    private protected ContainerSpec ToSpec() => new()
    {
        Image = RootFileSystem is null ? Image : null,
        RootFileSystem = RootFileSystem is null ? null : GetUnresolvedProviderPathFromPSPath(RootFileSystem),
        Command = Command.Length == 0 && RootFileSystem is null ? ["/bin/sh"] : Command,
        Environment = new Dictionary<string, string>(Environment),
        WorkingDirectory = WorkingDirectory,
        User = User,
        Hostname = Hostname,
        Labels = new Dictionary<string, string>(Label),
        Mounts = [.. (Volume ?? []).Select(ParseVolume), .. (Tmpfs ?? []).Select(ParseTmpfs)],
        Limits = new ContainerLimits { Memory = Memory, Cpus = Cpus, CpuShares = CpuShares, CpuSet = CpuSet, PidsLimit = PidsLimit },
        Network = Network,
        Terminal = Terminal,
        Interactive = Interactive,
        ReadOnly = ReadOnly,
        Init = Init,
        Privileged = Privileged,
        CapabilityAdd = CapabilityAdd,
        CapabilityDrop = CapabilityDrop,
        StopSignal = StopSignal,
        StopTimeoutSeconds = StopTimeoutSeconds,
        AutoRemove = AutoRemove,
    };

    private ContainerMount ParseVolume(string text) => text.Split(':') switch
    {
        [var source, var destination] => new ContainerMount(ContainerMountKind.Bind, GetUnresolvedProviderPathFromPSPath(source), destination),
        [var source, var destination, ("ro" or "rw") and var mode] =>
            new ContainerMount(ContainerMountKind.Bind, GetUnresolvedProviderPathFromPSPath(source), destination, mode == "ro"),
        _ => throw new ContainerException(
            ContainerError.InvalidArgument, $"'{text}' is no volume: write /source:/destination, with :ro for read-only.", text),
    };

    private static ContainerMount ParseTmpfs(string text)
    {
        var parts = text.Split(':', 2);
        return new ContainerMount(ContainerMountKind.Tmpfs, null, parts[0], false, parts.Length == 2 ? parts[1].Split(',') : null);
    }
}
