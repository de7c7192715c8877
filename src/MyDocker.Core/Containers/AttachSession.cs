using System.Buffers.Binary;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// A look at a container's main process, one of any number, and a hand at its standard input. Disposing of it ends the look; the
/// container goes on.
/// </summary>
public sealed class AttachSession : ProcessSession
{
    private readonly FileDescriptor socket;
    private readonly RunFolder folder;
    private readonly byte[] message = new byte[AttachMessages.MaximumLength];
    private bool isInputClosed;
    private bool isEndOfInputDue;
    private bool hasEnded;

    /// <param name="socket">Connected with the monitor.</param>
    /// <param name="folder">The container's; disposed of with this.</param>
    /// <param name="cancellation">Ends every wait.</param>
    internal AttachSession(FileDescriptor socket, RunFolder folder, CancellationToken cancellation)
        : base(cancellation)
    {
        this.socket = socket;
        this.folder = folder;
        Channels.SetNonBlocking(socket);
    }

    /// <summary>How many bytes this look has missed, as it was slower than the container: nobody who looks ever holds it up.</summary>
    public long MissedBytes { get; private set; }

    internal int Number => hasEnded ? -1 : socket.Number;

    private protected override bool HasInput => !isInputClosed && !hasEnded;

    private protected override bool HasEnded => hasEnded;

    /// <summary>The container as it was when the run had ended; null before.</summary>
    public ContainerInfo? Ended { get; private set; }

    /// <inheritdoc/>
    public override void CloseInput()
    {
        isEndOfInputDue = HasInput;
        isInputClosed = true;
        SendEndOfInput();
    }

    /// <summary>Connects the terminal this session sits at with the process's, until the process ends or the detach keys are pressed.</summary>
    /// <returns>The exit code; null when the process was left to itself.</returns>
    /// <exception cref="OperationCanceledException">The relaying was cancelled.</exception>
    public int? RunInTerminal(DetachKeys keys) =>
        TerminalRelay.Run(new AttachTerminal(this), keys, Cancellation) ? ExitCode : null;

    /// <summary>Reads the next message, if there is one.</summary>
    /// <returns>False when there is none.</returns>
    internal bool TryReceive(OutputHandler handle)
    {
        if (hasEnded || Channels.TryReceive(socket, message) is not { } length)
            return false;
        var content = message.AsSpan(0, length);
        if (length == 0)
            TakeEnd();
        else if (content[0] == AttachMessages.Missed)
            MissedBytes += BinaryPrimitives.ReadInt64LittleEndian(content[1..]);
        else
            handle(content[1..], content[0] == AttachMessages.Error);
        return length > 0;
    }

    /// <summary>Sends a message; 0 or the errno.</summary>
    internal int Send(byte kind, ReadOnlySpan<byte> content) => Channels.TrySend(socket, kind, content);

    private protected override int TryWrite(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, AttachMessages.MaximumInput)];
        switch (Send(AttachMessages.Input, bytes))
        {
            case 0:
                return bytes.Length;
            case Errno.EAGAIN:
                return 0;
            default:
                isInputClosed = true;
                return -1;
        }
    }

    private protected override bool Exchange(OutputHandler handle, TimeSpan? timeout, int source = -1)
    {
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = Number, Events = (short)(Polling.POLLIN | (IsWriting || isEndOfInputDue ? Polling.POLLOUT : 0)) },
            new Polling.Entry { Descriptor = source, Events = Polling.POLLIN },
        ];
        Wait(entries, timeout);
        SendEndOfInput();
        if ((entries[0].Ready & ~Polling.POLLOUT) != 0)
            _ = TryReceive(handle);
        return entries[1].Ready != 0;
    }

    private protected override int? AwaitEnd(OutputHandler handle)
    {
        while (!hasEnded)
            Exchange(handle, null);
        return ExitCode;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            folder.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Once, and at once: a container that removes itself does not keep its record for ever.</summary>
    private void TakeEnd()
    {
        hasEnded = true;
        Ended = folder.Conclude();
        ExitCode = Ended.ExitCode;
    }

    /// <summary>The monitor may have no room for it yet, as it reads no faster than the process does.</summary>
    private void SendEndOfInput()
    {
        if (isEndOfInputDue)
            isEndOfInputDue = Send(AttachMessages.EndOfInput, []) == Errno.EAGAIN;
    }
}
