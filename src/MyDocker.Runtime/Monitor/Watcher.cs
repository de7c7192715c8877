using System.Buffers.Binary;
using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>One who looks at the container's process; see <see cref="AttachMessages"/>. Nothing here ever waits for it.</summary>
internal sealed class Watcher(FileDescriptor socket) : IDisposable
{
    private long missed;

    public FileDescriptor Socket => socket;

    public bool IsGone { get; private set; }

    /// <summary>What it has typed and the process has not taken yet; nothing more is read from it meanwhile.</summary>
    public ArraySegment<byte> Pending { get; set; } = ArraySegment<byte>.Empty;

    /// <summary>Shows it what the process has said. One that is too slow misses that, and is told how much it was.</summary>
    public void Offer(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        if (missed > 0)
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(count, missed);
            if (Send(AttachMessages.Missed, count))
                missed = 0;
        }

        if (missed > 0 || !Send(stream == LogStream.Output ? AttachMessages.Output : AttachMessages.Error, bytes))
            missed += bytes.Length;
    }

    /// <summary>Reads one message.</summary>
    /// <returns>Its kind and content; null when there is none, or the watcher has gone.</returns>
    public (byte Kind, byte[] Content)? Receive()
    {
        Span<byte> buffer = stackalloc byte[AttachMessages.MaximumInput + 1];
        if (Channels.TryReceive(socket, buffer) is not { } length)
            return null;
        IsGone |= length == 0;
        return length == 0 ? null : (buffer[0], buffer[1..length].ToArray());
    }

    public void Dispose() => socket.Dispose();

    private bool Send(byte kind, ReadOnlySpan<byte> content)
    {
        if (IsGone)
            return false;
        var errno = Channels.TrySend(socket, kind, content);
        IsGone = errno is not (0 or Errno.EAGAIN);
        return errno == 0;
    }
}
