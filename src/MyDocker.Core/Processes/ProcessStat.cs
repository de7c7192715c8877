using System.Globalization;
using System.Text;

namespace MyDocker.Processes;

/// <summary>What we read of /proc/PID/stat; see proc_pid_stat(5).</summary>
/// <param name="Name">The command's name, 15 bytes at most.</param>
/// <param name="State">One letter: R, S, D, Z, T …</param>
/// <param name="StartTime">Clock ticks between boot and the start.</param>
/// <param name="ProcessorTime">Clock ticks that it has used processors for, in its own code and in the kernel.</param>
public readonly record struct ProcessStat(string Name, char State, ulong StartTime, ulong ProcessorTime = 0)
{
    /// <summary>Whether the process has ended: a zombie or a dead one runs nothing any more, reaped or not.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>Reads a process's line; null when there is no such process.</summary>
    public static ProcessStat? TryRead(int pid)
    {
        try
        {
            return TryParse(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException)
        {
            // Not there, or gone while we read (ESRCH).
            return null;
        }
    }

    /// <summary>Parses the line; null when it is not one.</summary>
    public static ProcessStat? TryParse(ReadOnlySpan<byte> line)
    {
        // A process names itself as it likes, ") Z 1" included: only the last parenthesis ends the name.
        var open = line.IndexOf((byte)'(');
        var close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return null;
        Span<Range> fields = stackalloc Range[22];
        var rest = Encoding.ASCII.GetString(line[(close + 1)..]).AsSpan().Trim();
        var count = rest.Split(fields, ' ');

        // The rest begins with field 3, the state; utime and stime are fields 14 and 15, the start is field 22.
        const int StateIndex = 0, UserTimeIndex = 14 - 3, SystemTimeIndex = 15 - 3, StartIndex = 22 - 3;
        if (count <= StartIndex || rest[fields[StateIndex]].Length != 1
            || !ulong.TryParse(rest[fields[UserTimeIndex]], NumberStyles.None, CultureInfo.InvariantCulture, out var userTime)
            || !ulong.TryParse(rest[fields[SystemTimeIndex]], NumberStyles.None, CultureInfo.InvariantCulture, out var systemTime)
            || !ulong.TryParse(rest[fields[StartIndex]], NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return null;
        return new ProcessStat(Encoding.UTF8.GetString(line[(open + 1)..close]), rest[fields[StateIndex]][0], start, userTime + systemTime);
    }
}
