using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>
/// All who look at the container's process, and the socket where more may come; what they type goes to its terminal, or its standard
/// input. They see each other's doings, as people at one keyboard would.
/// </summary>
internal sealed class Watchers : IDisposable
{
    /// <summary>How long one that is behind may take to be told so when all is over.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    /// <summary>More than anybody needs, and far fewer than a process may have open.</summary>
    private const int MostWatchers = 64;

    private readonly FileDescriptor folder;
    private readonly FileDescriptor listener;
    private readonly bool isTerminal;
    private readonly List<Watcher> all = [];
    private FileDescriptor? input;
    private bool isInputEnding;

    /// <param name="container">Whose process it is.</param>
    /// <param name="input">The master of its terminal, which stays the caller's, or the writing end of its standard input.</param>
    /// <param name="isTerminal">Which of them.</param>
    /// <param name="first">Who has been there before it started; may be null.</param>
    public Watchers(Container container, FileDescriptor input, bool isTerminal, FileDescriptor? first)
    {
        (this.input, this.isTerminal) = (input, isTerminal);
        Channels.SetNonBlocking(input);
        folder = Files.Open(container.Folder, Files.O_PATH | Files.O_DIRECTORY);
        listener = LocalSockets.Listen(folder, AttachMessages.SocketName);
        Channels.SetNonBlocking(listener);
        if (first is null)
            return;
        Channels.SetNonBlocking(first);
        all.Add(new Watcher(first));
    }

    /// <summary>How many entries for poll(2) they need.</summary>
    public int EntryCount => all.Count + 2;

    /// <summary>Says what to wait for.</summary>
    public void FillEntries(Span<Polling.Entry> entries)
    {
        entries[0] = new Polling.Entry { Descriptor = all.Count < MostWatchers ? listener.Number : -1, Events = Polling.POLLIN };
        var isBehind = false;
        for (var i = 0; i < all.Count; i++)
        {
            var hasPending = all[i].Pending.Count > 0;
            isBehind |= hasPending;
            // One whose typing is not taken yet is not listened to; that it has gone shows afterwards.
            var events = (hasPending ? 0 : Polling.POLLIN) | (all[i].IsBehind ? Polling.POLLOUT : 0);
            entries[i + 2] = new Polling.Entry { Descriptor = events == 0 ? -1 : all[i].Socket.Number, Events = (short)events };
        }

        entries[1] = new Polling.Entry { Descriptor = isBehind && input is not null ? input.Number : -1, Events = Polling.POLLOUT };
    }

    /// <summary>Does what there is to do.</summary>
    public void Handle(ReadOnlySpan<Polling.Entry> entries)
    {
        // Nobody is left at the terminal's other side, or at the pipe's: what was typed has no reader.
        if ((entries[1].Ready & ~Polling.POLLOUT) != 0)
            all.ForEach(watcher => watcher.Pending = ArraySegment<byte>.Empty);
        for (var i = all.Count - 1; i >= 0; i--)
        {
            if (all[i].IsBehind && entries[i + 2].Ready != 0)
                all[i].Flush();
            if (all[i].Pending.Count == 0 && (entries[i + 2].Ready & ~Polling.POLLOUT) != 0)
                Listen(all[i]);
            if (all[i].Pending.Count > 0)
                Type(all[i]);
            if (!all[i].IsGone || all[i].Pending.Count > 0)
                continue;
            all[i].Dispose();
            all.RemoveAt(i);
        }

        if (isInputEnding && all.TrueForAll(watcher => watcher.Pending.Count == 0))
        {
            input?.Dispose();
            input = null;
        }

        if (entries[0].Ready != 0 && LocalSockets.TryAccept(listener) is { } newcomer)
            all.Add(new Watcher(newcomer));
    }

    /// <summary>Shows all of them what the process has said.</summary>
    public void Offer(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        foreach (var watcher in all)
            watcher.Offer(stream, bytes);
    }

    /// <summary>Lets nobody else come. Before the exit record is written: after that the name may be that of the next run's socket.</summary>
    public void Close()
    {
        if (listener.IsClosed)
            return;
        _ = Files.TryUnlink($"{folder.ProcPath}/{AttachMessages.SocketName}");
        listener.Dispose();
        folder.Dispose();
    }

    /// <summary>Lets them go: that their socket closes tells them that the exit record is written.</summary>
    public void Dispose()
    {
        Close();
        foreach (var watcher in all)
        {
            watcher.Conclude(LastPatience);
            watcher.Dispose();
        }

        all.Clear();
        if (!isTerminal)
            input?.Dispose();
    }

    private void Listen(Watcher watcher)
    {
        switch (watcher.Receive())
        {
            case (AttachMessages.Input, var typed):
                watcher.Pending = typed;
                break;
            case (AttachMessages.EndOfInput, _) when !isTerminal:
                // Once all that was typed before is taken, by whomever.
                isInputEnding = true;
                break;
            case (AttachMessages.Resize, { Length: 4 } size) when isTerminal:
                var columns = BinaryPrimitives.ReadUInt16LittleEndian(size);
                Terminals.SetSize(input!, new TerminalSize(columns, BinaryPrimitives.ReadUInt16LittleEndian(size.AsSpan(2))));
                break;
        }
    }

    private void Type(Watcher watcher)
    {
        var written = input is null ? -1 : Files.TryWrite(input.Number, watcher.Pending);
        if (written >= 0)
            watcher.Pending = watcher.Pending[(int)written..];
        else if (input is null || Marshal.GetLastPInvokeError() != Errno.EAGAIN)
            // EPIPE: the process does not read any more, and what it does not want is nobody's.
            watcher.Pending = ArraySegment<byte>.Empty;
    }
}
