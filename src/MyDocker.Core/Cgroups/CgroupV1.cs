using System.Globalization;
using MyDocker.Interop;

namespace MyDocker.Cgroups;

/// <summary>
/// A container's folders in the v1 hierarchies and, on a hybrid machine, in the v2 one beside them, which has no
/// controllers there but kills and counts better than v1 can. See the kernel's admin-guide/cgroup-v1.
/// </summary>
internal sealed class CgroupV1(CgroupLayout layout, string containerId) : Cgroup
{
    /// <summary>A group without a limit says the largest number of whole pages (PAGE_COUNTER_MAX); no machine has so much memory.</summary>
    private const long NoLimit = 1L << 62;

    private const string DefaultShares = "1024";

    private readonly CgroupV2? unified = layout.Unified is { } mountPoint ? new CgroupV2(mountPoint, containerId) : null;

    // Controllers mounted together (cpu,cpuacct) share a folder.
    private readonly Dictionary<string, string> folders =
        layout.Hierarchies.ToDictionary(entry => entry.Key, entry => $"{entry.Value}/{Parent}/{containerId}");

    /// <inheritdoc/>
    public override bool IsFrozen =>
        folders.TryGetValue("freezer", out var folder) && TryReadState(folder) is { } state && state != "THAWED";

    /// <inheritdoc/>
    public override long OutOfMemoryKills =>
        folders.TryGetValue("memory", out var folder) ? ReadCounter($"{folder}/memory.oom_control", "oom_kill") : 0;

    /// <inheritdoc/>
    protected override IEnumerable<string> Folders =>
        folders.Values.Distinct().Concat(unified is null ? [] : [unified.Folder]);

    /// <inheritdoc/>
    public override void Create(OciResources resources)
    {
        foreach (var folder in folders.Values.Distinct())
            Directory.CreateDirectory(folder);
        unified?.CreateFolder();
        if (folders.TryGetValue("cpuset", out var cpuset))
            FillCpuset(cpuset, resources.Cpu?.Cpus);

        if (resources.Memory is { } memory)
        {
            if (memory.Limit is { } limit)
                Write("memory", "memory.limit_in_bytes", limit);
            // Memory and swap together can't be below memory alone, so it comes second.
            if (memory.Swap is { } swap && folders.TryGetValue("memory", out var folder) && File.Exists($"{folder}/memory.memsw.limit_in_bytes"))
                Write("memory", "memory.memsw.limit_in_bytes", swap);
        }

        if (resources.Cpu is { } cpu)
        {
            if (cpu.Shares is { } shares)
                Write("cpu", "cpu.shares", shares);
            if (cpu.Period is { } period)
                Write("cpu", "cpu.cfs_period_us", period);
            if (cpu.Quota is { } quota)
                Write("cpu", "cpu.cfs_quota_us", quota);
        }

        if (resources.Pids?.Limit is { } processes)
            Write("pids", "pids.max", processes);
        foreach (var rule in resources.Devices ?? [])
        {
            if (folders.TryGetValue("devices", out var folder))
                Files.WriteControl($"{folder}/{(rule.Allow ? "devices.allow" : "devices.deny")}", DeviceRuleText(rule));
        }
    }

    /// <inheritdoc/>
    public override void EnterWithCallingThread()
    {
        foreach (var folder in folders.Values.Distinct())
            Files.WriteControl($"{folder}/tasks", "0");
    }

    /// <inheritdoc/>
    public override FileDescriptor? BirthPlace() => unified?.BirthPlace();

    /// <inheritdoc/>
    public override FileDescriptor? BirthPlaceBeside(int pid) => unified?.BirthPlaceBeside(pid);

    /// <inheritdoc/>
    public override void Freeze(CancellationToken cancellation = default)
    {
        Files.WriteControl($"{Require("freezer")}/freezer.state", "FROZEN");
        // A process that forks while it is frozen may have to be told twice; the kernel says FREEZING meanwhile.
        WaitFor(
            $"{Require("freezer")}/freezer.state",
            state =>
            {
                if (state.Trim() == "FROZEN")
                    return true;
                Files.WriteControl($"{Require("freezer")}/freezer.state", "FROZEN");
                return false;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public override void Thaw() => WriteIfThere($"{Require("freezer")}/freezer.state", "THAWED");

    /// <inheritdoc/>
    public override void Kill()
    {
        if (unified is { CanKill: true })
        {
            unified.Kill();
        }
        else if (folders.TryGetValue("freezer", out var folder) && Directory.Exists(folder))
        {
            // Frozen, nothing can fork between the list and the signals; SIGKILL waits until they thaw.
            WriteIfThere($"{folder}/freezer.state", "FROZEN");
            SignalEach(folder);
        }

        // A v1-frozen process does not die before it thaws.
        if (IsFrozen)
            Thaw();
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Path, string Value)> Limits(OciResources resources, OciResources before)
    {
        // Memory alone may never be more than memory and swap together: what grows grows from above, what shrinks from below.
        (string Controller, string File, long? Asked, string None)[] memory =
        [
            ("memory", "memory.limit_in_bytes", resources.Memory?.Limit, "-1"),
            ("memory", "memory.memsw.limit_in_bytes", resources.Memory?.Swap, "-1"),
        ];
        if ((resources.Memory?.Swap ?? long.MaxValue) > (before.Memory?.Swap ?? long.MaxValue))
            Array.Reverse(memory);
        (string Controller, string File, long? Asked, string None)[] numbers =
        [
            .. memory,
            ("cpu", "cpu.shares", resources.Cpu?.Shares, DefaultShares),
            ("cpu", "cpu.cfs_quota_us", resources.Cpu?.Quota, "-1"),
            ("pids", "pids.max", resources.Pids?.Limit, "max"),
        ];
        foreach (var (controller, file, asked, none) in numbers)
        {
            if (asked is null && !folders.ContainsKey(controller))
                continue;
            // A kernel that does not account swap has no file for it.
            if (File.Exists($"{Require(controller)}/{file}"))
                yield return ($"{Require(controller)}/{file}", asked?.ToString(CultureInfo.InvariantCulture) ?? none);
        }

        if (folders.TryGetValue("cpuset", out var cpuset))
            yield return ($"{cpuset}/cpuset.cpus", resources.Cpu?.Cpus ?? File.ReadAllText($"{Path.GetDirectoryName(cpuset)}/cpuset.cpus").Trim());
    }

    /// <inheritdoc/>
    public override CgroupUsage ReadUsage()
    {
        var memory = folders.GetValueOrDefault("memory");
        var limit = ReadNumber($"{memory}/memory.limit_in_bytes");
        var disks = ReadDisks();
        return new CgroupUsage
        {
            Cpu = ReadNumber($"{folders.GetValueOrDefault("cpuacct")}/cpuacct.usage") is { } nanoseconds ? TimeSpan.FromMicroseconds(nanoseconds / 1000) : null,
            Memory = ReadNumber($"{memory}/memory.usage_in_bytes") is { } used
                ? Math.Max(0, used - ReadCounter($"{memory}/memory.stat", "total_inactive_file"))
                : null,
            MemoryLimit = limit < NoLimit ? limit : null,
            IoRead = disks?.Read,
            IoWritten = disks?.Written,
            Pids = ReadNumber($"{folders.GetValueOrDefault("pids")}/pids.current"),
            PidsLimit = ReadNumber($"{folders.GetValueOrDefault("pids")}/pids.max"),
        };
    }

    /// <summary>Adds lines such as "8:0 Read 4096" up; see the kernel's admin-guide/cgroup-v1/blkio-controller.</summary>
    private (long Read, long Written)? ReadDisks()
    {
        if (!folders.TryGetValue("blkio", out var folder))
            return null;
        long read = 0, written = 0;
        foreach (var line in ReadLines($"{folder}/blkio.throttle.io_service_bytes_recursive"))
        {
            switch (line.Split(' '))
            {
                case [_, "Read", var bytes] when long.TryParse(bytes, CultureInfo.InvariantCulture, out var number):
                    read += number;
                    break;
                case [_, "Write", var bytes] when long.TryParse(bytes, CultureInfo.InvariantCulture, out var number):
                    written += number;
                    break;
            }
        }

        return (read, written);
    }

    /// <summary>A device rule as devices.allow takes it: "c 1:3 rwm", or "a" for everything.</summary>
    internal static string DeviceRuleText(OciDeviceRule rule)
    {
        static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";
        var type = string.IsNullOrEmpty(rule.Type) ? "a" : rule.Type;
        return type == "a" && rule.Major is null && rule.Minor is null
            ? "a"
            : $"{type} {Number(rule.Major)}:{Number(rule.Minor)} {rule.Access ?? "rwm"}";
    }

    private string Require(string controller) => folders.TryGetValue(controller, out var folder)
        ? folder
        : throw new ContainerException(
            ContainerError.ContainerStartFailed, $"This machine has no cgroup controller '{controller}', which the container's limits need.");

    private void Write(string controller, string file, long value) =>
        Files.WriteControl($"{Require(controller)}/{file}", value.ToString(CultureInfo.InvariantCulture));

    private static string? TryReadState(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/freezer.state").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A new v1 cpuset is empty and takes nobody in until it has processors and memory nodes; parents first.</summary>
    private static void FillCpuset(string folder, string? processors)
    {
        var parent = Path.GetDirectoryName(folder)!;
        foreach (var file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            if (string.IsNullOrWhiteSpace(File.ReadAllText($"{parent}/{file}")))
                Files.WriteControl($"{parent}/{file}", File.ReadAllText($"{Path.GetDirectoryName(parent)}/{file}").Trim());
            var wanted = file == "cpuset.cpus" ? processors : null;
            Files.WriteControl($"{folder}/{file}", wanted ?? File.ReadAllText($"{parent}/{file}").Trim());
        }
    }
}
