using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// A command at work inside a container, and the caller's ends of its standard streams. Disposing of it kills the command and its
/// process group, unless it has ended or been detached; the container goes on.
/// </summary>
public sealed class ExecSession : ProcessSession
{
    /// <summary>How long we stay to see a killed command gone.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    private readonly string containerName;
    private readonly byte[] piece = new byte[PieceSize];
    private readonly List<FileDescriptor> theirEnds = [];
    private FileDescriptor? input;
    private FileDescriptor? output;
    private FileDescriptor? error;
    private FileDescriptor? terminal;
    private bool isDetached;

    internal ExecSession(string containerName, CancellationToken cancellation)
        : base(cancellation) => this.containerName = containerName;

    internal ExecChannel? Channel { get; set; }

    private protected override bool HasInput => input is not null;

    private protected override bool HasEnded => ExitCode is not null;

    /// <inheritdoc/>
    public override void CloseInput()
    {
        input?.Dispose();
        input = null;
    }

    /// <inheritdoc/>
    public override int? RunInTerminal(DetachKeys keys)
    {
        if (!TerminalRelay.Run(new ExecTerminal(this, terminal!), keys, Cancellation))
            Detach();
        return ExitCode;
    }

    /// <summary>Kills the command and its process group, and sees it gone.</summary>
    public void Kill()
    {
        if (Channel is null || ExitCode is not null || isDetached)
            return;
        Channel.SendKill();
        Span<Polling.Entry> entries = [new Polling.Entry { Descriptor = Channel.Number, Events = Polling.POLLIN }];
        if (Polling.Wait(entries, KillPatience) > 0)
            ExitCode = Channel.ReceiveEnded();
    }

    internal static ContainerException HelperGone(string containerName) => new(
        ContainerError.ContainerCommandFailed, $"The helper of the command in container '{containerName}' was killed, and the command with it.", containerName);

    /// <summary>Makes the pipes of the standard streams.</summary>
    /// <param name="emptyInput">What the command reads from instead of a pipe; may be null.</param>
    /// <returns>The command's ends.</returns>
    internal (FileDescriptor Input, FileDescriptor Output, FileDescriptor Error) MakePipes(FileDescriptor? emptyInput)
    {
        var theirInput = emptyInput;
        if (theirInput is null)
        {
            (theirInput, input) = Channels.CreatePipe();
            theirEnds.Add(theirInput);
            Channels.SetNonBlocking(input);
        }

        (output, var theirOutput) = Channels.CreatePipe();
        (error, var theirError) = Channels.CreatePipe();
        theirEnds.AddRange([theirOutput, theirError]);
        Channels.SetNonBlocking(output);
        Channels.SetNonBlocking(error);
        return (theirInput, theirOutput, theirError);
    }

    internal void CloseTheirEnds()
    {
        foreach (var end in theirEnds)
            end.Dispose();
        theirEnds.Clear();
    }

    /// <summary>Takes over our side of the command's terminal.</summary>
    internal void TakeTerminal(FileDescriptor? master)
    {
        terminal = master;
        if (master is not null)
            Channels.SetNonBlocking(master);
    }

    /// <summary>Waits for the helper's next word.</summary>
    internal void WaitForChannel() => Wait([new Polling.Entry { Descriptor = Channel!.Number, Events = Polling.POLLIN }]);

    /// <summary>Takes note of the command's end.</summary>
    internal void ReceiveEnd() => ExitCode = Channel!.ReceiveEnded() ?? throw HelperGone(containerName);

    /// <summary>Lets the command go on without us.</summary>
    internal void Detach()
    {
        Channel?.SendDetach();
        isDetached = true;
    }

    private protected override int TryWrite(ReadOnlySpan<byte> bytes)
    {
        var written = Files.TryWrite(input!.Number, bytes);
        if (written >= 0)
            return (int)written;
        if (Marshal.GetLastPInvokeError() == Errno.EAGAIN)
            return 0;
        CloseInput();
        return -1;
    }

    private protected override bool Exchange(OutputHandler handle, TimeSpan? timeout, int source = -1)
    {
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = output is { IsClosed: false } ? output.Number : -1, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = error is { IsClosed: false } ? error.Number : -1, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = ExitCode is null ? Channel!.Number : -1, Events = Polling.POLLIN },
            // Without an event to wait for, what is told is that nobody reads any more.
            new Polling.Entry { Descriptor = input?.Number ?? -1, Events = source < 0 ? Polling.POLLOUT : (short)0 },
            new Polling.Entry { Descriptor = source, Events = Polling.POLLIN },
        ];
        Wait(entries, timeout);
        if (entries[0].Ready != 0)
            TakePiece(output!, false, handle);
        if (entries[1].Ready != 0)
            TakePiece(error!, true, handle);
        if (entries[2].Ready != 0)
            ReceiveEnd();
        if (entries[3].Ready != 0 && source >= 0)
            CloseInput();
        return entries[4].Ready != 0;
    }

    /// <summary>
    /// The end is the command's, not that of its streams: a process that it leaves behind in the container may hold those for ever.
    /// </summary>
    private protected override int? AwaitEnd(OutputHandler handle)
    {
        while (ExitCode is null)
            Exchange(handle, null);
        foreach (var (stream, isError) in (ReadOnlySpan<(FileDescriptor?, bool)>)[(output, false), (error, true)])
        {
            while (stream is { IsClosed: false } && TakePiece(stream, isError, handle))
            {
                // Until the pipe is empty: what the command has said last is in it.
            }
        }

        return ExitCode;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Kill();
            Channel?.Dispose();
            terminal?.Dispose();
            CloseInput();
            output?.Dispose();
            error?.Dispose();
            CloseTheirEnds();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads one piece; false when there is none.</summary>
    private bool TakePiece(FileDescriptor stream, bool isError, OutputHandler handle)
    {
        var length = Files.TryRead(stream.Number, piece);
        if (length > 0)
            handle(piece.AsSpan(0, (int)length), isError);
        else if (length == 0 || Marshal.GetLastPInvokeError() != Errno.EAGAIN)
            stream.Dispose();
        return length > 0;
    }
}
