using MyDocker.Interop;

namespace MyDocker;

/// <summary>Takes what a process has said.</summary>
/// <param name="bytes">As it came; valid during the call only.</param>
/// <param name="isError">Whether it is standard error's.</param>
public delegate void OutputHandler(ReadOnlySpan<byte> bytes, bool isError);

/// <summary>A process inside a container with its standard streams, or its terminal, connected with us.</summary>
public abstract class ProcessSession : IDisposable
{
    private protected const int PieceSize = 64 * 1024;

    private readonly FileDescriptor cancelled = Polling.CreateEvent();
    private readonly CancellationTokenRegistration registration;

    private protected ProcessSession(CancellationToken cancellation)
    {
        Cancellation = cancellation;
        registration = cancellation.Register(() => Polling.SetEvent(cancelled));
    }

    /// <summary>The process's exit status, 128+n after signal n; null while it has not ended.</summary>
    public int? ExitCode { get; private protected set; }

    /// <summary>Ends every wait of this session at once.</summary>
    private protected CancellationToken Cancellation { get; }

    /// <summary>Whether room in the process's input is waited for.</summary>
    private protected bool IsWriting { get; private set; }

    /// <summary>Whether the process still reads what we write.</summary>
    private protected abstract bool HasInput { get; }

    /// <summary>Writes to the process's standard input, and takes meanwhile what it says: neither side ever waits for the other in vain.</summary>
    /// <returns>False when the process does not read any more.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Write(ReadOnlySpan<byte> bytes, OutputHandler handle)
    {
        IsWriting = true;
        while (!bytes.IsEmpty && HasInput && ExitCode is null)
        {
            var taken = TryWrite(bytes);
            bytes = bytes[Math.Max(0, taken)..];
            if (taken == 0)
                Exchange(handle, null);
        }

        IsWriting = false;
        return HasInput;
    }

    /// <summary>Takes what the process has said by now, without waiting.</summary>
    public void TakeOutput(OutputHandler handle) => Exchange(handle, TimeSpan.Zero);

    /// <summary>Ends the process's standard input.</summary>
    public abstract void CloseInput();

    /// <summary>Takes what the process says until it ends.</summary>
    /// <returns>Its exit code; null when nobody knows it.</returns>
    /// <exception cref="ContainerException">ContainerCommandFailed when a helper was killed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public int? RunToEnd(OutputHandler handle)
    {
        CloseInput();
        return AwaitEnd(handle);
    }

    /// <summary>Takes what the process says until it ends, and leaves its standard input alone.</summary>
    /// <returns>Its exit code; null when nobody knows it.</returns>
    public int? Watch(OutputHandler handle) => AwaitEnd(handle);

    /// <summary>As <see cref="RunToEnd"/>, and gives the process our own standard input to read meanwhile.</summary>
    public int? RunToEndOfStandardInput(OutputHandler handle)
    {
        var buffer = new byte[PieceSize];
        while (!HasEnded && HasInput)
        {
            if (!Exchange(handle, null, ConsoleTerminal.Input))
                continue;
            var length = Files.TryRead(ConsoleTerminal.Input, buffer);
            if (length <= 0 || !Write(buffer.AsSpan(0, (int)length), handle))
                break;
        }

        return RunToEnd(handle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether everything has been heard.</summary>
    private protected abstract bool HasEnded { get; }

    /// <summary>Writes what is taken now: the number of bytes, or a negative one when nobody reads any more.</summary>
    private protected abstract int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until something can be read, or written where there is input, and reads it.</summary>
    /// <param name="handle">Takes what the process says.</param>
    /// <param name="timeout">How long to wait; null is for ever.</param>
    /// <param name="source">A descriptor whose bytes the process is to get; we wait for that then, and not for room in its input.</param>
    /// <returns>Whether the source has something, or has ended.</returns>
    private protected abstract bool Exchange(OutputHandler handle, TimeSpan? timeout, int source = -1);

    /// <summary>Hears the process out.</summary>
    private protected abstract int? AwaitEnd(OutputHandler handle);

    /// <summary>Frees what it holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        registration.Dispose();
        cancelled.Dispose();
    }

    /// <summary>Waits for the first of our descriptors; Ctrl-C ends it.</summary>
    private protected void Wait(Span<Polling.Entry> entries, TimeSpan? timeout = null)
    {
        Span<Polling.Entry> all = [new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN }, .. entries];
        _ = Polling.Wait(all, timeout);
        Cancellation.ThrowIfCancellationRequested();
        all[1..].CopyTo(entries);
    }
}
