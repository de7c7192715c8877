using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>Takes what a process has said.</summary>
/// <param name="bytes">As it came; valid during the call only.</param>
/// <param name="isError">Whether it is standard error's.</param>
public delegate void OutputHandler(ReadOnlySpan<byte> bytes, bool isError);

/// <summary>
/// A command at work inside a container, and the caller's ends of its standard streams. Disposing of it kills the command and its
/// process group, unless it has ended or been detached; the container goes on.
/// </summary>
public sealed class ExecSession : IDisposable
{
    private const int PieceSize = 64 * 1024;

    /// <summary>How long we stay to see a killed command gone.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    private readonly string containerName;
    private readonly byte[] piece = new byte[PieceSize];
    private readonly List<FileDescriptor> theirEnds = [];
    private FileDescriptor? input;
    private FileDescriptor? output;
    private FileDescriptor? error;
    private bool isDetached;

    internal ExecSession(string containerName) => this.containerName = containerName;

    /// <summary>The command's exit status, 128+n after signal n; null while it has not ended.</summary>
    public int? ExitCode { get; private set; }

    internal ExecChannel? Channel { get; set; }

    /// <summary>Our side of the command's terminal; null where it has none.</summary>
    internal FileDescriptor? Terminal { get; private set; }

    internal void TakeTerminal(FileDescriptor? master)
    {
        Terminal = master;
        if (master is not null)
            Channels.SetNonBlocking(master);
    }

    /// <summary>Writes to the command's standard input, and takes meanwhile what it says: neither side ever waits for the other in vain.</summary>
    /// <returns>False when the command does not read any more.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Write(ReadOnlySpan<byte> bytes, OutputHandler handle, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty && input is not null)
        {
            var written = Files.TryWrite(input.Number, bytes);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else if (Marshal.GetLastPInvokeError() != Errno.EAGAIN)
                CloseInput();
            else
                Exchange(handle, null, cancellation);
        }

        return input is not null;
    }

    /// <summary>Takes what the command has said by now, without waiting.</summary>
    public void TakeOutput(OutputHandler handle) => Exchange(handle, TimeSpan.Zero, CancellationToken.None);

    /// <summary>Ends the command's standard input.</summary>
    public void CloseInput()
    {
        input?.Dispose();
        input = null;
    }

    /// <summary>Takes what the command says until it ends.</summary>
    /// <returns>Its exit code.</returns>
    /// <remarks>
    /// The end is the command's, not that of its streams: a process that it leaves behind in the container may hold those for ever.
    /// </remarks>
    /// <exception cref="ContainerException">ContainerCommandFailed when the helper was killed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public int RunToEnd(OutputHandler handle, CancellationToken cancellation)
    {
        CloseInput();
        while (ExitCode is null)
            Exchange(handle, null, cancellation);
        Drain(handle);
        return ExitCode.Value;
    }

    /// <summary>As <see cref="RunToEnd"/>, and gives the command our own standard input to read meanwhile.</summary>
    public int RunToEndOfStandardInput(OutputHandler handle, CancellationToken cancellation)
    {
        var buffer = new byte[PieceSize];
        while (ExitCode is null && input is not null)
        {
            if (!Exchange(handle, null, cancellation, ConsoleTerminal.Input))
                continue;
            var length = Files.TryRead(ConsoleTerminal.Input, buffer);
            if (length <= 0 || !Write(buffer.AsSpan(0, (int)length), handle, cancellation))
                break;
        }

        return RunToEnd(handle, cancellation);
    }

    private void Drain(OutputHandler handle)
    {
        foreach (var (stream, isError) in (ReadOnlySpan<(FileDescriptor?, bool)>)[(output, false), (error, true)])
        {
            if (stream is null or { IsClosed: true })
                continue;
            // All that the command has said is in the pipe. What it left behind may go on filling that for ever.
            var left = Channels.CountUnread(stream);
            while (left > 0 && TakePiece(stream, isError, handle) is > 0 and var length)
                left -= length;
        }
    }

    /// <summary>Connects the terminal this session sits at with the command's, until the command ends or the detach keys are pressed.</summary>
    /// <returns>The exit code; null when the command was left to itself.</returns>
    /// <exception cref="ContainerException">ContainerCommandFailed when the helper was killed.</exception>
    /// <exception cref="OperationCanceledException">The relaying was cancelled.</exception>
    public int? RunInTerminal(DetachKeys keys, CancellationToken cancellation)
    {
        if (!TerminalRelay.Run(new ExecTerminal(this, Terminal!), keys, cancellation))
            Detach();
        return ExitCode;
    }

    /// <summary>Lets the command go on without us.</summary>
    public void Detach()
    {
        Channel?.SendDetach();
        isDetached = true;
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        Channel?.Dispose();
        Terminal?.Dispose();
        CloseInput();
        output?.Dispose();
        error?.Dispose();
        CloseTheirEnds();
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

    /// <summary>Waits for the helper's next word.</summary>
    internal void WaitForChannel(CancellationToken cancellation)
    {
        using var cancelled = Polling.CreateEvent();
        using var registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = Channel!.Number, Events = Polling.POLLIN },
        ];
        _ = Polling.Wait(entries);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Takes note of the command's end.</summary>
    internal void ReceiveEnd() => ExitCode = Channel!.ReceiveEnded() ?? throw HelperGone(containerName);

    /// <summary>Waits until something can be read, or written where there is input, and reads it.</summary>
    /// <param name="handle">Takes what the command says.</param>
    /// <param name="timeout">How long to wait; null is for ever.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="source">A descriptor whose bytes the command is to get; we wait for that then and not for room in its input.</param>
    /// <returns>Whether the source has something, or has ended.</returns>
    private bool Exchange(OutputHandler handle, TimeSpan? timeout, CancellationToken cancellation, int source = -1)
    {
        using var cancelled = Polling.CreateEvent();
        using var registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = output is { IsClosed: false } ? output.Number : -1, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = error is { IsClosed: false } ? error.Number : -1, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = ExitCode is null ? Channel!.Number : -1, Events = Polling.POLLIN },
            // Without an event to wait for, what is told is that nobody reads any more.
            new Polling.Entry { Descriptor = input?.Number ?? -1, Events = source < 0 ? Polling.POLLOUT : (short)0 },
            new Polling.Entry { Descriptor = source, Events = Polling.POLLIN },
        ];
        _ = Polling.Wait(entries, timeout);
        cancellation.ThrowIfCancellationRequested();
        if (entries[1].Ready != 0)
            TakePiece(output!, false, handle);
        if (entries[2].Ready != 0)
            TakePiece(error!, true, handle);
        if (entries[3].Ready != 0)
            ReceiveEnd();
        if (entries[4].Ready != 0 && source >= 0)
            CloseInput();
        return entries[5].Ready != 0;
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
