using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// Init's end of its socket to the monitor; the handshake is drawn at <see cref="StartReport"/>. Close-on-exec: that it closes
/// is how the monitor learns that the command has been executed.
/// </summary>
internal sealed class MonitorChannel : IDisposable
{
    /// <summary>The descriptor the monitor puts it on.</summary>
    public const int Descriptor = 3;

    /// <summary>From the monitor: the run is written down, the command may be executed.</summary>
    public const byte GoMessage = (byte)'G';

    /// <summary>To the monitor, with the master of a new terminal attached.</summary>
    public const byte TerminalMessage = (byte)'T';

    /// <summary>To the monitor: the command is executed next.</summary>
    public const byte ReadyMessage = (byte)'X';

    /// <summary>To the monitor, with a report behind it: a failure, or warnings.</summary>
    public const byte ReportMessage = (byte)'R';

    private const int LongestMessage = 64 * 1024;

    private readonly FileDescriptor socket = new(Descriptor);

    /// <summary>Hands the terminal's master to the monitor.</summary>
    public void SendTerminal(FileDescriptor master) => Channels.Send(socket, [TerminalMessage], master);

    /// <summary>Waits for the monitor's go; without a monitor nobody would ever know of this container, so it ends.</summary>
    public void AwaitGo()
    {
        Span<byte> message = stackalloc byte[1];
        if (Channels.Receive(socket, message).Length == 0)
            Execution.ExitNow(1);
    }

    /// <summary>Says that execution comes next.</summary>
    public void SendReady() => Channels.Send(socket, [ReadyMessage]);

    /// <summary>Tells a helper that the command's process is born; see <see cref="Exec.JoiningChannel"/>.</summary>
    public void SendBorn(int pid, FileDescriptor process) => Exec.JoiningChannel.SendBorn(socket, pid, process);

    /// <summary>Tells what went wrong, or otherwise than asked for.</summary>
    public void Send(StartReport report) =>
        Channels.Send(socket, [ReportMessage, .. StoredJson.ToBytes(report, isIndented: false)]);

    /// <summary>The other side: reads all messages up to the end of the channel, which execve closes.</summary>
    /// <exception cref="ContainerException">What init says went wrong, or that it ended without a word.</exception>
    public static (FileDescriptor? Terminal, IReadOnlyList<string> Warnings) AwaitExecution(FileDescriptor channel)
    {
        var buffer = new byte[LongestMessage];
        FileDescriptor? terminal = null;
        IReadOnlyList<string> warnings = [];
        var isReady = false;
        while (true)
        {
            var (length, attachment) = Channels.Receive(channel, buffer);
            if (length == 0)
            {
                return isReady
                    ? (terminal, warnings)
                    : throw new ContainerException(ContainerError.ContainerStartFailed, "The process ended before it could execute the command.");
            }

            terminal ??= attachment;
            isReady |= buffer[0] == ReadyMessage;
            if (buffer[0] != ReportMessage)
                continue;
            var report = StoredJson.Parse<StartReport>(buffer.AsMemory(1, length - 1));
            if (report.Error is not null)
                throw report.ToException("");
            warnings = report.Warnings;
        }
    }

    /// <summary>Closes it, as execve would.</summary>
    public void Dispose() => socket.Dispose();
}
