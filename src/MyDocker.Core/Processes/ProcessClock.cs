using System.Globalization;

namespace MyDocker.Processes;

/// <summary>From the clock ticks in which /proc counts to times; see proc_pid_stat(5).</summary>
internal static class ProcessClock
{
    /// <summary>sysconf(_SC_CLK_TCK): 100 for all programs, whatever the kernel itself ticks with (USER_HZ).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>When the machine was booted; see btime in proc_stat(5).</summary>
    public static DateTimeOffset BootTime() => DateTimeOffset.FromUnixTimeSeconds(long.Parse(
        File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal)).AsSpan("btime ".Length), CultureInfo.InvariantCulture));

    /// <summary>So many ticks as a time.</summary>
    public static TimeSpan ToTime(ulong ticks) => TimeSpan.FromSeconds(ticks / TicksPerSecond);
}
