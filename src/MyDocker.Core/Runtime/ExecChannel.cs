using System.Buffers.Binary;
using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// The socket between a session and the helper that executes a command inside a container for it.
/// <code>
/// Invoke-ContainerCommand    mydocker-exec                     joining process, then the command
///      ── posix_spawn ──►    lock, derive status
///                            clone3 ────────────────────────►  control group; setns(NEWPID|NEWNS|NEWNET|…)
///                                                              (terminal ◄── its master, if there is one)
///                            ◄────────── born ───────────────  user, capabilities; clone3(PARENT), inside
///                            unlock
///                            ◄────────── ready ──────────────  execve ──► your process
///                            ◄── end of file (close-on-exec)
///      ◄── started ────────  wait
///      ── kill, detach ──►
///      ◄── ended ──────────  reap
/// </code>
/// The process has the session's pipes, or the terminal, as its own: nothing it says goes through the helper. A session that
/// goes without having said "detach" takes the process along, and so does the helper.
/// </summary>
internal sealed class ExecChannel(FileDescriptor socket) : IDisposable
{
    /// <summary>The helper's first argument when it is to execute a command.</summary>
    public const string Verb = "exec";

    /// <summary>Where the helper finds its end; the process's standard streams are below it.</summary>
    public const int Descriptor = 3;

    /// <summary>Where the helper finds the request.</summary>
    public const int RequestDescriptor = 4;

    private const byte StartedMessage = (byte)'S';
    private const byte EndedMessage = (byte)'E';
    private const byte KillMessage = (byte)'K';
    private const byte DetachMessage = (byte)'D';
    private const int LongestMessage = 64 * 1024;

    /// <summary>For poll(2).</summary>
    public int Number => socket.Number;

    /// <summary>To the session: how the start went, with the master of the process's terminal where it has one.</summary>
    public void SendStarted(StartReport report, FileDescriptor? terminal = null) =>
        Channels.Send(socket, [StartedMessage, .. StoredJson.ToBytes(report, isIndented: false)], terminal);

    /// <summary>To the session: the process has ended; that nobody is there any more is fine.</summary>
    public void SendEnded(int exitCode)
    {
        Span<byte> message = [EndedMessage, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(message[1..], exitCode);
        TrySend(message);
    }

    /// <summary>To the helper: kill the process and its process group.</summary>
    public void SendKill() => TrySend([KillMessage]);

    /// <summary>To the helper: the process goes on, also when this end is closed.</summary>
    public void SendDetach() => TrySend([DetachMessage]);

    /// <summary>From the session; null when it has gone.</summary>
    /// <returns>Whether it detaches; otherwise the process is to be killed.</returns>
    public bool? ReceiveOrder()
    {
        Span<byte> message = stackalloc byte[1];
        return Channels.Receive(socket, message).Length == 0 ? null : message[0] == DetachMessage;
    }

    /// <summary>From the helper: how the start went; null when it ended without a word.</summary>
    /// <exception cref="JsonException">It said something else.</exception>
    public (StartReport Report, FileDescriptor? Terminal)? ReceiveStarted()
    {
        var buffer = new byte[LongestMessage];
        var (length, terminal) = Channels.Receive(socket, buffer);
        return length == 0 ? null : (StoredJson.Parse<StartReport>(buffer.AsMemory(1, length - 1)), terminal);
    }

    /// <summary>From the helper: the process's exit code; null when the helper ended without a word.</summary>
    public int? ReceiveEnded()
    {
        Span<byte> message = stackalloc byte[5];
        return Channels.Receive(socket, message).Length < message.Length ? null : BinaryPrimitives.ReadInt32LittleEndian(message[1..]);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void TrySend(ReadOnlySpan<byte> message)
    {
        try
        {
            Channels.Send(socket, message);
        }
        catch (SyscallException exception) when (exception.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            // The other side has gone, and knows all it has to know.
        }
    }
}
