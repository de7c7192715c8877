using System.Globalization;
using System.Text.Json.Serialization;
using MyDocker.Interop;

namespace MyDocker.Processes;

/// <summary>
/// A process that can't be mistaken for another: its number, the moment it started and the boot it belongs to.
/// Numbers are recycled; the three together are not.
/// </summary>
/// <param name="Pid">The process id in the host's pid namespace.</param>
/// <param name="StartTime">Clock ticks between boot and the start; field 22 of proc_pid_stat(5).</param>
/// <param name="BootId">/proc/sys/kernel/random/boot_id at that time; see proc_sys_kernel(5).</param>
public sealed record ProcessIdentity(int Pid, ulong StartTime, string BootId)
{
    private static readonly Lazy<string> LazyBootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>The id of the boot we live in.</summary>
    [JsonIgnore]
    public static string CurrentBootId => LazyBootId.Value;

    /// <summary>Whether that very process exists and has not ended; a zombie has.</summary>
    [JsonIgnore]
    public bool IsAlive => BootId == CurrentBootId && ProcessStat.TryRead(Pid) is { IsDead: false } stat && stat.StartTime == StartTime;

    /// <summary>Reads the identity of a live process.</summary>
    /// <returns>Null when there is none of that number.</returns>
    public static ProcessIdentity? TryRead(int pid) =>
        ProcessStat.TryRead(pid) is { } stat ? new ProcessIdentity(pid, stat.StartTime, CurrentBootId) : null;

    /// <summary>
    /// Takes hold of the process: first the descriptor, which from then on means one process only, then the comparison.
    /// The other way round a number could be recycled between the two.
    /// </summary>
    /// <returns>Null when that process has ended, whoever has its number now.</returns>
    internal FileDescriptor? TryOpen()
    {
        if (Pid <= 0 || BootId != CurrentBootId || PidFd.TryOpen(Pid) is not { } process)
            return null;
        if (IsAlive)
            return process;
        process.Dispose();
        return null;
    }

    /// <summary>The number and the start, for messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Pid} (started at tick {StartTime})");
}
