namespace MyDocker;

/// <summary>
/// What a container's monitor and its watchers say to each other over a socket: one byte, then what goes with it. A watcher sees what
/// the container says from its coming on; when the socket closes, the exit record is written, or the monitor is dead.
/// </summary>
internal static class AttachMessages
{
    /// <summary>The socket's name in the container's folder.</summary>
    public const string SocketName = "attach";

    /// <summary>From the monitor: standard output, or a terminal's.</summary>
    public const byte Output = (byte)'O';

    /// <summary>From the monitor: standard error.</summary>
    public const byte Error = (byte)'E';

    /// <summary>From the monitor: how many bytes (a 64-bit number) this watcher has missed, as it was too slow.</summary>
    public const byte Missed = (byte)'M';

    /// <summary>From a watcher: what the process is to read.</summary>
    public const byte Input = (byte)'I';

    /// <summary>From a watcher: there is no more to read. A terminal has no such end.</summary>
    public const byte EndOfInput = (byte)'C';

    /// <summary>From a watcher: its window's columns and rows, 16 bits each.</summary>
    public const byte Resize = (byte)'W';

    /// <summary>The longest message, its first byte included: a piece of output.</summary>
    public const int MaximumLength = (64 * 1024) + 1;

    /// <summary>The most input in one message.</summary>
    public const int MaximumInput = 16 * 1024;
}
