using System.Buffers.Binary;
using MyDocker.Helper.Init;
using MyDocker.Interop;

namespace MyDocker.Helper.Exec;

/// <summary>
/// The helper's end of the socket that it shares with whoever joins the container for it. What comes from the command's process,
/// born inside, may come from the container: nothing that it says is more than a report.
/// </summary>
internal sealed class JoiningChannel(FileDescriptor socket) : IDisposable
{
    /// <summary>From the joining process: the command's process is born, with its pid behind this and a pidfd attached.</summary>
    public const byte BornMessage = (byte)'B';

    private const int LongestMessage = 64 * 1024;

    private readonly byte[] buffer = new byte[LongestMessage];
    private bool isReady;

    /// <summary>For poll(2).</summary>
    public int Number => socket.Number;

    /// <summary>The command's process; null before it is born.</summary>
    public (int Pid, FileDescriptor Descriptor)? Process { get; private set; }

    /// <summary>The master of its terminal; null where it has none.</summary>
    public FileDescriptor? Terminal { get; private set; }

    /// <summary>What was done otherwise than asked for.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Tells the helper of the birth, from the joining process.</summary>
    public static void SendBorn(FileDescriptor socket, int pid, FileDescriptor process)
    {
        Span<byte> message = [BornMessage, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(message[1..], pid);
        Channels.Send(socket, message, process);
    }

    /// <summary>Takes one message.</summary>
    /// <returns>False at the end, which is the command's execution.</returns>
    /// <exception cref="ContainerException">What went wrong, or that the process ended before it could execute anything.</exception>
    public bool Take()
    {
        var (length, attachment) = Channels.Receive(socket, buffer);
        if (length == 0)
        {
            return isReady && Process is not null
                ? false
                : throw new ContainerException(ContainerError.ContainerStartFailed, "The process ended before it could execute the command.");
        }

        switch (buffer[0])
        {
            case BornMessage when attachment is not null && Process is null:
                Process = (BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(1)), attachment);
                return true;
            case MonitorChannel.TerminalMessage when attachment is not null && Process is null:
                Terminal = attachment;
                return true;
            case MonitorChannel.ReadyMessage:
                isReady = true;
                break;
            case MonitorChannel.ReportMessage:
                TakeReport(StoredJson.Parse<StartReport>(buffer.AsMemory(1, length - 1)));
                break;
        }

        attachment?.Dispose();
        return true;
    }

    public void Dispose() => socket.Dispose();

    private void TakeReport(StartReport report)
    {
        if (report.Error is not null)
            throw report.ToException("");
        Warnings = report.Warnings;
    }
}
