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
    private bool isDetached;

    internal ExecSession(string containerName, ExecChannel channel, StandardPipes? pipes, CancellationToken cancellation)
        : base(cancellation) => (this.containerName, Channel, Pipes) = (containerName, channel, pipes);

    internal ExecChannel Channel { get; }

    /// <summary>Its standard streams; null with a terminal, or where nobody hears it.</summary>
    internal StandardPipes? Pipes { get; }

    /// <summary>Our side of its terminal; null where it has none.</summary>
    internal FileDescriptor? Terminal { get; private set; }

    private protected override bool HasInput => Pipes is { HasInput: true };

    private protected override bool HasEnded => ExitCode is not null;

    /// <inheritdoc/>
    public override void CloseInput() => Pipes?.CloseInput();

    /// <summary>Connects the terminal this session sits at with the command's, until the command ends or the detach keys are pressed.</summary>
    /// <returns>The exit code; null when the command was left to itself.</returns>
    /// <exception cref="ContainerException">ContainerCommandFailed when the helper was killed.</exception>
    /// <exception cref="OperationCanceledException">The relaying was cancelled.</exception>
    public int? RunInTerminal(DetachKeys keys)
    {
        if (!TerminalRelay.Run(new ExecTerminal(this, Terminal!), keys, Cancellation))
            Detach();
        return ExitCode;
    }

    /// <summary>Kills the command and its process group, and sees it gone.</summary>
    public void Kill()
    {
        if (ExitCode is not null || isDetached)
            return;
        Channel.SendKill();
        Span<Polling.Entry> entries = [new Polling.Entry { Descriptor = Channel.Number, Events = Polling.POLLIN }];
        if (Polling.Wait(entries, KillPatience) > 0)
            ExitCode = Channel.ReceiveEnded();
    }

    internal static ContainerException HelperGone(string containerName) => new(
        ContainerError.ContainerCommandFailed, $"The helper of the command in container '{containerName}' was killed, and the command with it.", containerName);

    /// <summary>Takes over our side of the command's terminal.</summary>
    internal void TakeTerminal(FileDescriptor? master)
    {
        Terminal = master;
        if (master is not null)
            Channels.SetNonBlocking(master);
    }

    /// <summary>Waits for the helper's next word.</summary>
    internal void WaitForChannel() => Wait([new Polling.Entry { Descriptor = Channel.Number, Events = Polling.POLLIN }]);

    /// <summary>Takes note of the command's end.</summary>
    internal void ReceiveEnd() => ExitCode = Channel.ReceiveEnded() ?? throw HelperGone(containerName);

    /// <summary>Lets the command go on without us.</summary>
    internal void Detach()
    {
        Channel.SendDetach();
        isDetached = true;
    }

    private protected override int TryWrite(ReadOnlySpan<byte> bytes) => Pipes!.TryWrite(bytes);

    private protected override bool Exchange(OutputHandler handle, TimeSpan? timeout, int source = -1)
    {
        Span<Polling.Entry> entries = stackalloc Polling.Entry[StandardPipes.EntryCount + 2];
        Pipes!.FillEntries(entries, wantsRoom: source < 0);
        entries[^2] = new Polling.Entry { Descriptor = ExitCode is null ? Channel.Number : -1, Events = Polling.POLLIN };
        entries[^1] = new Polling.Entry { Descriptor = source, Events = Polling.POLLIN };
        Wait(entries, timeout);
        Pipes.Handle(entries, handle);
        if (entries[^2].Ready != 0)
            ReceiveEnd();
        return entries[^1].Ready != 0;
    }

    /// <summary>
    /// The end is the command's, not that of its streams: a process that it leaves behind in the container may hold those for ever.
    /// </summary>
    private protected override int? AwaitEnd(OutputHandler handle)
    {
        while (ExitCode is null)
            Exchange(handle, null);
        Pipes!.Drain(handle);
        return ExitCode;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Kill();
            Channel.Dispose();
            Terminal?.Dispose();
            Pipes?.Dispose();
        }

        base.Dispose(disposing);
    }
}
