using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>The pipes that are a process's standard streams: our ends, which never wait, and the process's, until it has them.</summary>
internal sealed class StandardPipes : IDisposable
{
    /// <summary>How many entries for poll(2) they need.</summary>
    public const int EntryCount = 3;

    private const int PieceSize = 64 * 1024;

    private readonly byte[] piece = new byte[PieceSize];
    private readonly (FileDescriptor Read, FileDescriptor Write)? input;
    private readonly (FileDescriptor Read, FileDescriptor Write) output = Channels.CreatePipe();
    private readonly (FileDescriptor Read, FileDescriptor Write) error = Channels.CreatePipe();

    /// <param name="hasInput">Whether the process is to have something to read.</param>
    public StandardPipes(bool hasInput)
    {
        input = hasInput ? Channels.CreatePipe() : null;
        foreach (var ours in (FileDescriptor?[])[input?.Write, output.Read, error.Read])
        {
            if (ours is not null)
                Channels.SetNonBlocking(ours);
        }
    }

    /// <summary>Whether the process still reads what we write.</summary>
    public bool HasInput => input is { Write.IsClosed: false };

    /// <summary>Whether nobody can say anything any more.</summary>
    public bool HaveEnded => output.Read.IsClosed && error.Read.IsClosed;

    /// <summary>The process's ends; standard input may be null.</summary>
    public (FileDescriptor? Input, FileDescriptor Output, FileDescriptor Error) Theirs => (input?.Read, output.Write, error.Write);

    /// <summary>Closes the process's ends: it has copies.</summary>
    public void CloseTheirs()
    {
        input?.Read.Dispose();
        output.Write.Dispose();
        error.Write.Dispose();
    }

    /// <summary>Ends the process's standard input.</summary>
    public void CloseInput() => input?.Write.Dispose();

    /// <summary>Writes what is taken now: the number of bytes, or a negative one when nobody reads any more.</summary>
    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var written = Files.TryWrite(input!.Value.Write.Number, bytes);
        if (written >= 0)
            return (int)written;
        if (Marshal.GetLastPInvokeError() == Errno.EAGAIN)
            return 0;
        CloseInput();
        return -1;
    }

    /// <summary>Says what to wait for.</summary>
    /// <param name="entries">Gets it.</param>
    /// <param name="wantsRoom">Whether room in the input counts; else only that nobody reads it any more, which is told without an event.</param>
    public void FillEntries(Span<Polling.Entry> entries, bool wantsRoom)
    {
        entries[0] = new Polling.Entry { Descriptor = HasInput ? input!.Value.Write.Number : -1, Events = wantsRoom ? Polling.POLLOUT : (short)0 };
        entries[1] = new Polling.Entry { Descriptor = output.Read.IsClosed ? -1 : output.Read.Number, Events = Polling.POLLIN };
        entries[2] = new Polling.Entry { Descriptor = error.Read.IsClosed ? -1 : error.Read.Number, Events = Polling.POLLIN };
    }

    /// <summary>Takes one piece of each stream that has one: one that never pauses does not keep the other waiting.</summary>
    public void Handle(ReadOnlySpan<Polling.Entry> entries, OutputHandler handle)
    {
        if ((entries[0].Ready & ~Polling.POLLOUT) != 0)
            CloseInput();
        if (entries[1].Ready != 0)
            TakePiece(output.Read, false, handle);
        if (entries[2].Ready != 0)
            TakePiece(error.Read, true, handle);
    }

    /// <summary>Takes what is in the pipes now: what a process has left behind may go on filling them for ever.</summary>
    public void Drain(OutputHandler handle)
    {
        foreach (var (stream, isError) in (ReadOnlySpan<(FileDescriptor, bool)>)[(output.Read, false), (error.Read, true)])
        {
            var left = stream.IsClosed ? 0 : Channels.CountUnread(stream);
            while (left > 0 && TakePiece(stream, isError, handle) is > 0 and var length)
                left -= length;
        }
    }

    public void Dispose()
    {
        CloseTheirs();
        CloseInput();
        output.Read.Dispose();
        error.Read.Dispose();
    }

    /// <summary>Reads one piece, and says how long it was.</summary>
    private int TakePiece(FileDescriptor stream, bool isError, OutputHandler handle)
    {
        var length = Files.TryRead(stream.Number, piece);
        if (length > 0)
            handle(piece.AsSpan(0, (int)length), isError);
        else if (length == 0 || Marshal.GetLastPInvokeError() != Errno.EAGAIN)
            stream.Dispose();
        return (int)length;
    }
}
