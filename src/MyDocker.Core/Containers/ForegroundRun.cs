using MyDocker.Interop;

namespace MyDocker;

/// <summary>One run whose standard streams belong to whoever started it, and who holds the container back by reading slowly, as with any pipe.</summary>
public sealed class ForegroundRun : ProcessSession
{
    private readonly Container container;
    private readonly RunFolder folder;
    private readonly StandardPipes pipes;

    private ForegroundRun(Container container, bool hasInput, CancellationToken cancellation)
        : base(cancellation) => (this.container, folder, pipes) = (container, new RunFolder(container), new StandardPipes(hasInput));

    private protected override bool HasInput => pipes.HasInput;

    private protected override bool HasEnded => pipes.HaveEnded;

    /// <summary>Starts a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="hasInput">Whether its standard input is ours; else it is empty.</param>
    /// <param name="warn">Told what was done otherwise than asked for.</param>
    /// <param name="cancellation">Ends every wait; the container goes on.</param>
    /// <exception cref="ContainerException">ContainerRunning, ContainerStartFailed, CommandNotFound, StateWriteFailed.</exception>
    public static ForegroundRun Start(Container container, bool hasInput, Action<string> warn, CancellationToken cancellation)
    {
        container.RequireStartable(cancellation);
        var run = new ForegroundRun(container, hasInput, cancellation);
        try
        {
            var report = MonitorLauncher.Start(container, MonitorLauncher.WithReaders(run.pipes.Theirs), cancellation);
            run.pipes.CloseTheirs();
            foreach (var warning in report.Warnings)
                warn(warning);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>The container as it was when the run had ended; null before.</summary>
    public ContainerInfo? Ended { get; private set; }

    /// <inheritdoc/>
    public override void CloseInput() => pipes.CloseInput();

    private protected override int TryWrite(ReadOnlySpan<byte> bytes) => pipes.TryWrite(bytes);

    private protected override bool Exchange(OutputHandler handle, TimeSpan? timeout, int source = -1)
    {
        Span<Polling.Entry> entries = stackalloc Polling.Entry[StandardPipes.EntryCount + 1];
        pipes.FillEntries(entries, wantsRoom: source < 0);
        entries[^1] = new Polling.Entry { Descriptor = source, Events = Polling.POLLIN };
        Wait(entries, timeout);
        pipes.Handle(entries, handle);
        return entries[^1].Ready != 0;
    }

    /// <summary>The streams end when the monitor has done all it has to do.</summary>
    private protected override int? AwaitEnd(OutputHandler handle)
    {
        while (!pipes.HaveEnded)
            Exchange(handle, null);
        Ended = folder.Conclude();
        // Others may be attached and read it as well; it goes with the sweeping then.
        if (!container.CanBeAttached)
            container.ForgetEnd();
        return ExitCode = Ended.ExitCode;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            pipes.Dispose();
            folder.Dispose();
        }

        base.Dispose(disposing);
    }
}
