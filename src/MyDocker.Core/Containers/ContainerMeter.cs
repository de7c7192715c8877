using System.Diagnostics;
using System.Globalization;
using MyDocker.Cgroups;
using MyDocker.Processes;

namespace MyDocker;

/// <summary>Measures one container again and again: how busy it is follows from two readings and the time between them.</summary>
public sealed class ContainerMeter
{
    private static readonly Lazy<long> MachineMemory = new(ReadMachineMemory);

    private readonly Container container;
    private Reading last;

    private ContainerMeter(Container container, Reading first) => (this.container, last) = (container, first);

    /// <summary>The container's id.</summary>
    public string Id => container.Id;

    /// <summary>Takes the first reading of a container.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning.</exception>
    public static ContainerMeter Start(Container container) =>
        new(container, Reading.TryTake(container, container.RequireAlive()) ?? Reading.Nothing);

    /// <summary>Takes another reading.</summary>
    /// <returns>What the container has used in between and uses now; null when it is not running any more.</returns>
    public ContainerStatistics? Next()
    {
        if (Observe() is not { } seen || Reading.TryTake(container, seen) is not { } now)
            return null;
        // Started again meanwhile, it counts from the beginning.
        var before = now.Run == last.Run ? last : now;
        last = now;

        var seconds = Stopwatch.GetElapsedTime(before.Moment, now.Moment).TotalSeconds;
        var busy = (now.Usage.Cpu - before.Usage.Cpu)!.Value.TotalSeconds;
        return new ContainerStatistics
        {
            Time = DateTimeOffset.UtcNow,
            Name = container.Name,
            Id = container.Id,
            CpuPercent = seconds > 0 ? Math.Round(Math.Max(0, busy / seconds * 100), 2) : 0,
            CpuTime = now.Usage.Cpu!.Value,
            MemoryUsage = now.Usage.Memory,
            MemoryLimit = now.Usage.MemoryLimit,
            MemoryPercent = now.Usage.Memory is { } used
                ? Math.Round(100.0 * used / Math.Min(now.Usage.MemoryLimit ?? long.MaxValue, MachineMemory.Value), 2)
                : null,
            IoRead = now.Usage.IoRead,
            IoWrite = now.Usage.IoWritten,
            NetworkReceived = now.Traffic?.Received,
            NetworkSent = now.Traffic?.Sent,
            Pids = now.Usage.Pids,
            PidsLimit = now.Usage.PidsLimit,
        };
    }

    private Observation? Observe()
    {
        try
        {
            return container.Observe() is { State: not null } seen && seen.Status.IsAlive() ? seen : null;
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.ContainerNotFound)
        {
            return null;
        }
    }

    /// <summary>MemTotal of proc_meminfo(5), in bytes.</summary>
    private static long ReadMachineMemory()
    {
        var words = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What a run had used at a moment.</summary>
    private readonly record struct Reading(int Run, long Moment, CgroupUsage Usage, NetworkTraffic? Traffic)
    {
        /// <summary>Of no run.</summary>
        public static Reading Nothing { get; } = new(0, 0, new CgroupUsage(), null);

        /// <summary>Reads what there is; null when the group has gone meanwhile.</summary>
        public static Reading? TryTake(Container container, Observation seen)
        {
            var usage = container.Cgroup.ReadUsage();
            return usage.Cpu is null ? null : new Reading(seen.State!.Run, Stopwatch.GetTimestamp(), usage, ReadTraffic(container, seen));
        }

        private static NetworkTraffic? ReadTraffic(Container container, Observation seen)
        {
            if (container.Spec.Network == ContainerNetworkMode.Host)
                return null;
            using var process = ProcessFolder.TryOpen(seen.State!.Process);
            return process?.TryReadText("net/dev") is { } text ? NetworkTraffic.Parse(text) : null;
        }
    }
}
