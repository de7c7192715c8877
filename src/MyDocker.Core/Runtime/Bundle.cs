using System.Globalization;
using MyDocker.Cgroups;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Writes a container's wishes down as an OCI bundle. The overlay that makes the root is the first entry of "mounts",
/// on "/": so the file says all there is to say, and runc runs the folder as it lies.
/// </summary>
internal static class Bundle
{
    /// <summary>The mount point below the bundle's folder.</summary>
    public const string RootFolder = "rootfs";

    /// <summary>Set on bundles whose PID 1 is our own init; other runtimes don't know it.</summary>
    public const string InitAnnotation = "mydocker.init";

    /// <summary>Set on bundles whose process has an open standard input without a terminal.</summary>
    public const string InteractiveAnnotation = "mydocker.interactive";

    /// <summary>Whether the monitor removes the container when it ends.</summary>
    public const string AutoRemoveAnnotation = "mydocker.auto-remove";

    /// <summary>Bytes after which the log goes on in a new file.</summary>
    public const string LogMaximumSizeAnnotation = "mydocker.log.maximum-size";

    /// <summary>How many log files are kept.</summary>
    public const string LogMaximumFilesAnnotation = "mydocker.log.maximum-files";

    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int RLIMIT_NOFILE = 7;
    private const ulong DefaultOpenFiles = 1_048_576;
    private const long CpuPeriodMicroseconds = 100_000;

    // docker's and podman's defaults.
    private static readonly string[] MaskedPaths =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>Translates a spec.</summary>
    /// <param name="id">The container's id.</param>
    /// <param name="spec">What was asked for.</param>
    /// <param name="root">The prepared root file system: its lower folder and what goes with it.</param>
    /// <param name="lowerFolder">Where the lower folder will be by the time the container is started.</param>
    /// <param name="layerFolder">Where the container's own changes will go (upper and work).</param>
    public static OciSpec Describe(string id, ContainerSpec spec, RootFileSystem root, string lowerFolder, string layerFolder)
    {
        var user = UserLookup.Resolve(root.LowerFolder, spec.User);
        var hostname = spec.Hostname ?? id[..12];
        var capabilities = Capabilities.Of(spec);
        // As docker: another user than root has none, as execve takes what is not ambient (capabilities(7)).
        IReadOnlyList<string> held = user.Uid == 0 ? capabilities : [];
        return new OciSpec
        {
            Hostname = hostname,
            Root = new OciRoot(RootFolder, spec.ReadOnly),
            Process = new OciProcess
            {
                Terminal = spec.Terminal,
                User = new OciUser { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.SupplementaryGids },
                Args = spec.Command,
                Env = Environment(spec, user, hostname),
                Cwd = spec.WorkingDirectory,
                Capabilities = new OciCapabilities
                {
                    Bounding = capabilities,
                    Permitted = held,
                    Effective = held,
                    // Empty inheritable and ambient sets: CVE-2022-29162.
                },
                Rlimits = [OpenFilesLimit()],
                NoNewPrivileges = !spec.Privileged,
            },
            Mounts = [Overlay(lowerFolder, layerFolder), .. SystemMounts(spec), .. root.Mounts, .. spec.Mounts.Select(Translate)],
            Annotations = Annotations(spec),
            Linux = new OciLinux
            {
                Namespaces = Namespaces(spec),
                CgroupsPath = Cgroup.PathOf(id),
                Resources = Resources(spec),
                RootfsPropagation = "rprivate",
                MaskedPaths = spec.Privileged ? null : MaskedPaths,
                ReadonlyPaths = spec.Privileged ? null : ReadonlyPaths,
            },
        };
    }

    /// <summary>A path as an overlay option wants it: ':' separates layers and ',' options.</summary>
    internal static string EscapeOverlayPath(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    /// <summary>What the runtime specification has no field for and our helper has to know; other runtimes pass it over.</summary>
    private static Dictionary<string, string> Annotations(ContainerSpec spec)
    {
        var annotations = new Dictionary<string, string>
        {
            [AutoRemoveAnnotation] = spec.AutoRemove ? "true" : "false",
            [LogMaximumSizeAnnotation] = spec.LogMaximumSize.ToString(CultureInfo.InvariantCulture),
            [LogMaximumFilesAnnotation] = spec.LogMaximumFiles.ToString(CultureInfo.InvariantCulture),
        };
        if (spec.Init)
            annotations[InitAnnotation] = "true";
        if (spec.Interactive)
            annotations[InteractiveAnnotation] = "true";
        return annotations;
    }

    private static OciMount Overlay(string lowerFolder, string layerFolder) => new()
    {
        Destination = "/",
        Type = "overlay",
        Source = "overlay",
        Options =
        [
            $"lowerdir={EscapeOverlayPath(lowerFolder)}",
            $"upperdir={EscapeOverlayPath($"{layerFolder}/upper")}",
            $"workdir={EscapeOverlayPath($"{layerFolder}/work")}",
        ],
    };

    private static IEnumerable<OciMount> SystemMounts(ContainerSpec spec)
    {
        yield return Entry("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return Entry("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return Entry("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return Entry("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        yield return Entry("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        // A sysfs shows the network of whoever mounts it, and only the owner of that network may mount one.
        var writable = spec.Privileged ? "rw" : "ro";
        yield return Entry("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", writable);
        yield return Entry("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", writable);
    }

    private static OciMount Entry(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };

    private static OciMount Translate(ContainerMount mount) => mount.Kind switch
    {
        ContainerMountKind.Tmpfs => new OciMount
        {
            Destination = mount.Destination,
            Type = "tmpfs",
            Source = "tmpfs",
            Options = ["nosuid", "nodev", .. mount.ReadOnly ? ["ro"] : Array.Empty<string>(), .. mount.Options ?? []],
        },
        _ => new OciMount
        {
            Destination = mount.Destination,
            Type = "bind",
            Source = mount.Source,
            Options = ["rbind", "rprivate", .. mount.ReadOnly ? (string[])["ro", "rro"] : ["rw"], .. mount.Options ?? []],
        },
    };

    private static List<string> Environment(ContainerSpec spec, ResolvedUser user, string hostname)
    {
        var variables = new Dictionary<string, string> { ["PATH"] = DefaultPath, ["HOSTNAME"] = hostname, ["HOME"] = user.Home };
        if (spec.Terminal)
            variables["TERM"] = "xterm";
        foreach (var (name, value) in spec.Environment)
            variables[name] = value;
        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }

    private static List<OciNamespace> Namespaces(ContainerSpec spec)
    {
        List<OciNamespace> namespaces = [new("pid"), new("ipc"), new("uts"), new("mount"), new("cgroup")];
        if (spec.Network != ContainerNetworkMode.Host)
            namespaces.Add(new OciNamespace("network"));
        return namespaces;
    }

    /// <summary>What the control group shall allow.</summary>
    public static OciResources Resources(ContainerSpec spec)
    {
        var limits = spec.Limits;
        var usesCpu = limits.Cpus is not null || limits.CpuShares is not null || limits.CpuSet is not null;
        return new OciResources
        {
            Devices = spec.Privileged ? [new OciDeviceRule(true, Access: "rwm")] : DefaultDevices(),
            // As much swap as memory, docker's rule: twice the limit for both together.
            Memory = limits.Memory is { } memory ? new OciMemory(memory, memory * 2) : null,
            Cpu = !usesCpu ? null : new OciCpu
            {
                Shares = limits.CpuShares,
                Quota = limits.Cpus is { } cpus ? (long)Math.Round(cpus * CpuPeriodMicroseconds) : null,
                Period = limits.Cpus is null ? null : CpuPeriodMicroseconds,
                Cpus = limits.CpuSet,
            },
            Pids = limits.PidsLimit is { } pids ? new OciPids(pids) : null,
        };
    }

    /// <summary>docker's rules: any device may be made, few may be opened.</summary>
    private static List<OciDeviceRule> DefaultDevices()
    {
        List<OciDeviceRule> rules =
        [
            new(false, Access: "rwm"),
            new(true, "c", null, null, "m"),
            new(true, "b", null, null, "m"),
        ];
        // null, zero, full, random, urandom; tty, console, ptmx; the terminals of devpts.
        (long Major, long? Minor)[] usable = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2), (136, null)];
        rules.AddRange(usable.Select(device => new OciDeviceRule(true, "c", device.Major, device.Minor, "rwm")));
        return rules;
    }

    /// <summary>docker's number of open files, or as many as this process may pass on: without CAP_SYS_RESOURCE a limit only falls.</summary>
    private static OciResourceLimit OpenFilesLimit()
    {
        var limit = Math.Min(DefaultOpenFiles, Credentials.GetLimit(RLIMIT_NOFILE).Hard);
        return new OciResourceLimit("RLIMIT_NOFILE", limit, limit);
    }
}
