namespace MyDocker;

/// <summary>One run with its output read by whoever started it, who holds the container back by reading slowly, as any pipe does.</summary>
public sealed class ForegroundRun : IDisposable
{
    private readonly Container container;
    private readonly RunFolder folder;

    private ForegroundRun(Container container) => (this.container, folder) = (container, new RunFolder(container));

    /// <summary>What the container says. Ends when its monitor has done all it has to do.</summary>
    public AttachedOutput Output { get; } = new();

    /// <summary>Starts a container.</summary>
    /// <param name="container">Which.</param>
    /// <param name="warn">Told what was done otherwise than asked for.</param>
    /// <param name="cancellation">Ends the wait; the start goes on.</param>
    /// <exception cref="ContainerException">ContainerRunning, ContainerStartFailed, CommandNotFound, StateWriteFailed.</exception>
    public static ForegroundRun Start(Container container, Action<string> warn, CancellationToken cancellation)
    {
        container.RequireStartable(cancellation);
        var run = new ForegroundRun(container);
        try
        {
            var report = MonitorLauncher.Start(container, MonitorLauncher.WithReaders(run.Output.TakeWriters()), cancellation);
            run.Output.CloseWriters();
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

    /// <summary>How the run ended; to be asked when the output has.</summary>
    public ContainerInfo Conclude()
    {
        var ended = folder.Conclude();
        container.ForgetEnd();
        return ended;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        folder.Dispose();
    }
}
