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
        if (!TryTellMissed() || !Send(stream == LogStream.Output ? AttachMessages.Output : AttachMessages.Error, bytes))
            missed += bytes.Length;
    }

    /// <summary>Tells it what it has missed to the end, if it takes that soon.</summary>
    public void Conclude(TimeSpan patience)
    {
        if (!TryTellMissed() && Polling.Wait([new Polling.Entry { Descriptor = socket.Number, Events = Polling.POLLOUT }], patience) > 0)
            _ = TryTellMissed();
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

    private bool TryTellMissed()
    {
        Span<byte> count = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, missed);
        if (missed > 0 && Send(AttachMessages.Missed, count))
            missed = 0;
        return missed == 0;
    }

    private bool Send(byte kind, ReadOnlySpan<byte> content)
    {
        if (IsGone)
            return false;
        var errno = Channels.TrySend(socket, kind, content);
        IsGone = errno is not (0 or Errno.EAGAIN);
        return errno == 0;
    }
}
