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

    /// <summary>Tells what went wrong, or otherwise than asked for.</summary>
    public void Send(StartReport report) =>
        Channels.Send(socket, [ReportMessage, .. StoredJson.ToBytes(report, isIndented: false)]);

    /// <summary>Closes it, as execve would.</summary>
    public void Dispose() => socket.Dispose();
}
