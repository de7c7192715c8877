using System.Globalization;

namespace MyDocker.Processes;

/// <summary>What we read of /proc/PID/status; see proc_pid_status(5).</summary>
/// <param name="Parent">The parent's number.</param>
/// <param name="User">The real user's id.</param>
/// <param name="NamespacePids">The process's number in each pid namespace it is in, from ours to its own.</param>
/// <param name="ResidentMemory">Bytes of memory; 0 for one that has ended.</param>
internal sealed record ProcessStatus(int Parent, uint User, IReadOnlyList<int> NamespacePids, long ResidentMemory)
{
    /// <summary>Parses the text; null when something is missing or is no number.</summary>
    public static ProcessStatus? TryParse(string status)
    {
        int? parent = null;
        uint? user = null;
        int[]? pids = null;
        long memory = 0;
        foreach (var line in status.Split('\n'))
        {
            var words = line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["PPid:", var number] when int.TryParse(number, CultureInfo.InvariantCulture, out var parsed):
                    parent = parsed;
                    break;
                case ["Uid:", var real, ..] when uint.TryParse(real, CultureInfo.InvariantCulture, out var parsed):
                    user = parsed;
                    break;
                case ["NSpid:", .. var numbers] when numbers.All(number => int.TryParse(number, CultureInfo.InvariantCulture, out _)):
                    pids = [.. numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                    break;
                case ["VmRSS:", var kilobytes, "kB"] when long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var parsed):
                    memory = parsed * 1024;
                    break;
            }
        }

        return parent is { } p && user is { } u && pids is { Length: > 0 } ? new ProcessStatus(p, u, pids, memory) : null;
    }
}
