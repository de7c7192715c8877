using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// One run with its output read by whoever started it. The container's folder is held open from before the start, so the exit
/// record is found even when the container has removed itself by the time its output ends.
/// </summary>
public sealed class ForegroundRun : IDisposable
{
    private readonly Container container;
    private readonly FileDescriptor folder;

    private ForegroundRun(Container container)
    {
        this.container = container;
        folder = Files.Open(container.Folder, Files.O_PATH | Files.O_DIRECTORY);
        Output = new AttachedOutput();
    }

    /// <summary>What the container says. Ends when its monitor has done all it has to do.</summary>
    public AttachedOutput Output { get; }

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
            var report = MonitorLauncher.Start(container, run.Output.TakeWriters(), cancellation);
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
        var state = JsonFile.TryRead<RunState>($"{folder.ProcPath}/{Container.StateFile}");
        var exit = JsonFile.TryRead<ExitRecord>($"{folder.ProcPath}/{Container.ExitFile}");
        if (state is null || exit is null || exit.Run != state.Run)
            return container.Describe(container.Settle());
        container.ForgetEnd();
        return container.Describe(new Observation(exit.Status, state, exit));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        folder.Dispose();
    }
}
