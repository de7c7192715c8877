using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>
/// One who looks at the container's process; see <see cref="AttachMessages"/>. Nothing here ever waits for it: what it does not take
/// at once is kept up to a bound, and what comes beyond that it misses.
/// </summary>
internal sealed class Watcher(FileDescriptor socket) : IDisposable
{
    private const int MostKept = 1 << 20;
    private const int LongestPiece = AttachMessages.MaximumLength - 1;

    private readonly Queue<(LogStream Stream, List<byte> Bytes)> backlog = new();
    private (LogStream Stream, List<byte> Bytes)? last;
    private int kept;
    private long missed;
    private bool isDeaf;

    public FileDescriptor Socket => socket;

    /// <summary>Whether it has closed its end, and all that it had typed before is read.</summary>
    public bool IsGone { get; private set; }

    /// <summary>What it has typed and the process has not taken yet; nothing more is read from it meanwhile.</summary>
    public ArraySegment<byte> Pending { get; set; } = ArraySegment<byte>.Empty;

    /// <summary>Whether it has yet to take something.</summary>
    public bool IsBehind => !isDeaf && (backlog.Count > 0 || missed > 0);

    /// <summary>Shows it what the process has said. One that is too slow for too long misses that, and is told how much it was.</summary>
    public void Offer(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        if (isDeaf || (!IsBehind && Send(KindOf(stream), bytes)))
            return;
        if (missed > 0 || kept + bytes.Length > MostKept)
            missed += bytes.Length;
        else
            Keep(stream, bytes);
    }

    /// <summary>Gives it what it has not taken yet, as much as it takes now.</summary>
    public void Flush()
    {
        while (backlog.TryPeek(out var next) && Send(KindOf(next.Stream), CollectionsMarshal.AsSpan(next.Bytes)))
        {
            kept -= next.Bytes.Count;
            backlog.Dequeue();
            if (backlog.Count == 0)
                last = null;
        }

        if (backlog.Count > 0)
            return;
        Span<byte> count = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, missed);
        if (missed > 0 && Send(AttachMessages.Missed, count))
            missed = 0;
    }

    /// <summary>Gives it the rest, if it takes that soon.</summary>
    public void Conclude(TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        Flush();
        while (IsBehind && patience - Stopwatch.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            _ = Polling.Wait([new Polling.Entry { Descriptor = socket.Number, Events = Polling.POLLOUT }], left);
            Flush();
        }
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

    private static byte KindOf(LogStream stream) => stream == LogStream.Output ? AttachMessages.Output : AttachMessages.Error;

    /// <summary>Small pieces are put together: a socket holds few messages, however short they are.</summary>
    private void Keep(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        if (last is not { } open || open.Stream != stream || open.Bytes.Count + bytes.Length > LongestPiece)
        {
            open = (stream, []);
            last = open;
            backlog.Enqueue(open);
        }

        open.Bytes.AddRange(bytes);
        kept += bytes.Length;
    }

    private bool Send(byte kind, ReadOnlySpan<byte> content)
    {
        if (isDeaf)
            return false;
        var errno = Channels.TrySend(socket, kind, content);
        // EPIPE: it has closed its end; what it has typed may still be on its way to us.
        isDeaf = errno is not (0 or Errno.EAGAIN);
        return errno == 0;
    }
}
