using System.Globalization;
using Mono.Unix.Native;

namespace MyDocker.Processes;

/// <summary>Which signals a process blocks, ignores and catches; see SigBlk, SigIgn and SigCgt in proc_pid_status(5).</summary>
/// <param name="Blocked">One bit per signal, bit 0 for signal 1.</param>
/// <param name="Ignored">Likewise.</param>
/// <param name="Caught">Likewise.</param>
public readonly record struct SignalState(ulong Blocked, ulong Ignored, ulong Caught)
{
    /// <summary>
    /// Whether the kernel would throw the signal away. PID 1 of a pid namespace gets only signals that it has a handler
    /// for (pid_namespaces(7)); a blocked one is kept, as a handler may come before it is unblocked.
    /// </summary>
    public bool WouldDiscardAsInit(Signum signal)
    {
        if (signal is Signum.SIGKILL or Signum.SIGSTOP)
            return false;
        var bit = 1UL << ((int)signal - 1);
        return (Caught & bit) == 0 && (Blocked & bit) == 0;
    }

    /// <summary>Whether the process has a handler for the signal.</summary>
    public bool Catches(Signum signal) => (Caught & (1UL << ((int)signal - 1))) != 0;

    /// <summary>Reads a process's masks; null when there is no such process.</summary>
    public static SignalState? TryRead(int pid)
    {
        try
        {
            return TryParse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Parses the text of /proc/PID/status; null when a mask is missing or is no number.</summary>
    public static SignalState? TryParse(string status)
    {
        ulong? blocked = null, ignored = null, caught = null;
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon < 0)
                continue;
            switch (line[..colon])
            {
                case "SigBlk": blocked = Mask(line[(colon + 1)..]); break;
                case "SigIgn": ignored = Mask(line[(colon + 1)..]); break;
                case "SigCgt": caught = Mask(line[(colon + 1)..]); break;
            }
        }

        return blocked is { } b && ignored is { } i && caught is { } c ? new SignalState(b, i, c) : null;
    }

    private static ulong? Mask(ReadOnlySpan<char> text) =>
        ulong.TryParse(text.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask) ? mask : null;
}
