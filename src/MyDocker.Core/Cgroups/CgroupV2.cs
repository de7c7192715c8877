using System.Globalization;
using MyDocker.Interop;

namespace MyDocker.Cgroups;

/// <summary>A container's folder in the v2 hierarchy; see the kernel's admin-guide/cgroup-v2.</summary>
internal sealed class CgroupV2(string mountPoint, string containerId) : Cgroup
{
    private const long DefaultWeight = 100;

    private static readonly string[] WantedControllers = ["cpuset", "cpu", "io", "memory", "pids"];

    /// <summary>The folder of the group.</summary>
    public string Folder { get; } = $"{mountPoint}/{Parent}/{containerId}";

    /// <summary>Whether the kernel can kill a group at once (Linux 5.14).</summary>
    public bool CanKill => File.Exists($"{Folder}/cgroup.kill");

    /// <inheritdoc/>
    public override bool IsFrozen => ReadNumber($"{Folder}/cgroup.freeze") == 1;

    /// <inheritdoc/>
    public override long OutOfMemoryKills => ReadCounter($"{Folder}/memory.events", "oom_kill");

    /// <inheritdoc/>
    protected override IEnumerable<string> Folders => [Folder];

    /// <summary>Makes the folder, with no controllers: all that a hybrid machine's v2 hierarchy is good for.</summary>
    public void CreateFolder() => Directory.CreateDirectory(Folder);

    /// <inheritdoc/>
    public override void Create(OciResources resources)
    {
        Directory.CreateDirectory($"{mountPoint}/{Parent}");
        EnableControllers(mountPoint);
        EnableControllers($"{mountPoint}/{Parent}");
        CreateFolder();

        if (resources.Memory is { } memory)
        {
            if (memory.Limit is { } limit)
                Write("memory.max", Limit(limit));
            // OCI counts memory and swap together, v2 swap alone.
            if (memory.Swap is { } both && File.Exists($"{Folder}/memory.swap.max"))
                Write("memory.swap.max", both < 0 ? "max" : Limit(both - (memory.Limit ?? 0)));
        }

        if (resources.Cpu is { } cpu)
        {
            if (cpu.Shares is { } shares)
                Write("cpu.weight", WeightFromShares(shares).ToString(CultureInfo.InvariantCulture));
            if (cpu.Quota is { } quota)
                Write("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{(quota > 0 ? quota : "max")} {cpu.Period ?? 100_000}"));
            if (cpu.Cpus is { } processors)
                Write("cpuset.cpus", processors);
        }

        if (resources.Pids?.Limit is { } processes)
            Write("pids.max", Limit(processes));
        if (resources.Devices is { Count: > 0 } devices)
            DeviceFilter.Attach(Folder, devices);
    }

    /// <inheritdoc/>
    public override void EnterWithCallingThread()
    {
    }

    /// <inheritdoc/>
    public override FileDescriptor? BirthPlace() => Open(Folder);

    /// <inheritdoc/>
    public override FileDescriptor? BirthPlaceBeside(int pid)
    {
        // The hierarchy of v2 is the one with number 0 and no controllers: "0::/path".
        const string Line = "0::";
        var own = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup")).FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
        var folder = $"{mountPoint}{own?[Line.Length..]}";
        return Open(folder.StartsWith($"{Folder}/", StringComparison.Ordinal) ? folder : Folder);
    }

    private static FileDescriptor Open(string folder) => Files.Open(folder, Files.O_PATH | Files.O_DIRECTORY);

    /// <inheritdoc/>
    public override void Freeze(CancellationToken cancellation = default)
    {
        Write("cgroup.freeze", "1");
        WaitFor($"{Folder}/cgroup.events", events => events.Contains("frozen 1", StringComparison.Ordinal), cancellation);
    }

    /// <inheritdoc/>
    public override void Thaw() => WriteIfThere($"{Folder}/cgroup.freeze", "0");

    /// <inheritdoc/>
    public override void Kill()
    {
        if (CanKill)
        {
            // Frozen processes die too: v2's freezer lets SIGKILL through.
            WriteIfThere($"{Folder}/cgroup.kill", "1");
        }
        else if (Directory.Exists(Folder))
        {
            WriteIfThere($"{Folder}/cgroup.freeze", "1");
            SignalEach(Folder);
            WriteIfThere($"{Folder}/cgroup.freeze", "0");
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Path, string Value)> Limits(OciResources resources, OciResources before)
    {
        var (memory, cpu) = (resources.Memory, resources.Cpu);
        (string File, string Value)[] limits =
        [
            ("memory.max", Limit(memory?.Limit ?? -1)),
            ("memory.swap.max", memory is { Swap: > 0 and var both } ? Limit(both - (memory.Limit ?? 0)) : "max"),
            ("cpu.weight", (cpu?.Shares is { } shares ? WeightFromShares(shares) : DefaultWeight).ToString(CultureInfo.InvariantCulture)),
            ("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{Limit(cpu?.Quota ?? -1)} {cpu?.Period ?? 100_000}")),
            // Empty it would mean the same, but the kernel refuses that while there are processes (ENOSPC).
            ("cpuset.cpus", cpu?.Cpus ?? string.Concat(ReadLines($"{Path.GetDirectoryName(Folder)}/cpuset.cpus.effective"))),
            ("pids.max", Limit(resources.Pids?.Limit ?? -1)),
        ];
        return limits.Select(limit => ($"{Folder}/{limit.File}", limit.Value)).Where(limit => File.Exists(limit.Item1));
    }

    /// <inheritdoc/>
    protected override void WriteLimit(string path, string value)
    {
        if (path == $"{Folder}/memory.max" && long.TryParse(value, CultureInfo.InvariantCulture, out var limit))
            LimitMemory(limit);
        else
            base.WriteLimit(path, value);
    }

    /// <summary>
    /// Where v1 refuses a limit below what is used, v2 kills until it holds. memory.high makes the kernel free what it can without
    /// killing, and holds the processes back while we look whether that was enough.
    /// </summary>
    private void LimitMemory(long limit)
    {
        var before = File.ReadAllText($"{Folder}/memory.high").Trim();
        Write("memory.high", Limit(limit));
        try
        {
            if (ReadNumber($"{Folder}/memory.current") > limit)
                throw new SyscallException("write", Errno.EBUSY, $"{Folder}/memory.max");
            Write("memory.max", Limit(limit));
        }
        finally
        {
            WriteIfThere($"{Folder}/memory.high", before);
        }
    }

    /// <inheritdoc/>
    public override CgroupUsage ReadUsage()
    {
        var disks = ReadLines($"{Folder}/io.stat");
        return new CgroupUsage
        {
            Cpu = Directory.Exists(Folder) ? TimeSpan.FromMicroseconds(ReadCounter($"{Folder}/cpu.stat", "usage_usec")) : null,
            Memory = ReadNumber($"{Folder}/memory.current") is { } used
                ? Math.Max(0, used - ReadCounter($"{Folder}/memory.stat", "inactive_file"))
                : null,
            // "max" is no number.
            MemoryLimit = ReadNumber($"{Folder}/memory.max"),
            IoRead = SumOf(disks, "rbytes="),
            IoWritten = SumOf(disks, "wbytes="),
            Pids = ReadNumber($"{Folder}/pids.current"),
            PidsLimit = ReadNumber($"{Folder}/pids.max"),
        };
    }

    /// <summary>Adds one number of each line of io.stat up: "8:0 rbytes=4096 wbytes=0 …".</summary>
    private static long SumOf(string[] lines, string name) => lines
        .SelectMany(line => line.Split(' '))
        .Where(word => word.StartsWith(name, StringComparison.Ordinal))
        .Sum(word => long.TryParse(word.AsSpan(name.Length), CultureInfo.InvariantCulture, out var bytes) ? bytes : 0);

    /// <summary>v1's shares (2 to 262144, usually 1024) as v2's weight (1 to 10000, usually 100): runc's and crun's formula.</summary>
    internal static long WeightFromShares(long shares) => 1 + ((Math.Clamp(shares, 2, 262_144) - 2) * 9999 / 262_142);

    private static string Limit(long value) => value < 0 ? "max" : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hands the controllers that are there down to the groups below; those already handed down stay so.</summary>
    private static void EnableControllers(string folder)
    {
        var available = File.ReadAllText($"{folder}/cgroup.controllers").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var enabled = File.ReadAllText($"{folder}/cgroup.subtree_control").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var missing = WantedControllers.Intersect(available).Except(enabled).ToArray();
        if (missing.Length > 0)
            Files.WriteControl($"{folder}/cgroup.subtree_control", string.Join(' ', missing.Select(controller => "+" + controller)));
    }

    private void Write(string file, string value) => Files.WriteControl($"{Folder}/{file}", value);
}
