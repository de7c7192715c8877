using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>One of a container's output streams on its way to the log, to a reader, and to watchers.</summary>
internal sealed unsafe class OutputStream(LogStream kind, FileDescriptor source, FileDescriptor? reader, Watchers? watchers) : IDisposable
{
    private const int PieceSize = 64 * 1024;

    // Outside the managed heap, so that a container that says nothing costs no memory: pages come with the first byte.
    private readonly byte* piece = (byte*)NativeMemory.Alloc(PieceSize);
    private byte[] backlog = [];
    private int backlogStart;

    public FileDescriptor Source => source;

    public FileDescriptor? Reader { get; private set; } = reader;

    public bool HasEnded { get; private set; }

    /// <summary>Whether the reader has yet to take something.</summary>
    public bool IsBehind => Reader is not null && backlogStart < backlog.Length;

    /// <summary>Reads one piece, logs it and offers it to the reader.</summary>
    /// <returns>False when there was nothing to read.</returns>
    public bool ReadOnce(LogFile log)
    {
        var length = Files.TryRead(source.Number, new Span<byte>(piece, PieceSize));
        if (length <= 0)
        {
            // 0: every writer has closed. EIO: a terminal's other side is gone. EAGAIN: nothing yet.
            HasEnded = length == 0 || Marshal.GetLastPInvokeError() != Errno.EAGAIN;
            return false;
        }

        var bytes = new ReadOnlySpan<byte>(piece, (int)length);
        log.Append(kind, bytes);
        Offer(bytes);
        watchers?.Offer(kind, bytes);
        return true;
    }

    /// <summary>Gives the reader as much of the backlog as it takes now.</summary>
    public void Forward() => backlogStart += WriteSome(backlog.AsSpan(backlogStart));

    private void Offer(ReadOnlySpan<byte> bytes)
    {
        if (!IsBehind)
            bytes = bytes[WriteSome(bytes)..];
        if (bytes.IsEmpty || Reader is null)
            return;
        // The rest of one piece while the container runs; at its end what the pipe still held comes on top.
        backlog = [.. backlog.AsSpan(backlogStart), .. bytes];
        backlogStart = 0;
    }

    private int WriteSome(ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        while (done < bytes.Length && Reader is not null)
        {
            var written = Files.TryWrite(Reader.Number, bytes[done..]);
            if (written < 0)
            {
                // EPIPE: nobody reads any more; the container goes on without.
                if (Marshal.GetLastPInvokeError() != Errno.EAGAIN)
                    Reader = null;
                break;
            }

            done += (int)written;
        }

        return done;
    }

    public void Dispose() => NativeMemory.Free(piece);
}
