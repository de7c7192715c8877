using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Stops any number of containers together: each is signalled as it is added, then all are waited for at once, so that a
/// pipeline takes one grace period at the most. Section "Stop" of docs/architecture.md.
/// </summary>
public sealed class ContainerStopper : IDisposable
{
    /// <summary>How long a process may take to die of SIGKILL before we say that it does not.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    private readonly ContainerWaiter waiter;
    private readonly StopOptions options;
    private readonly Action<string> verbose;
    private readonly CancellationToken cancellation;
    private readonly HashSet<Container> killed = [];
    private readonly Queue<ContainerInfo> ended = new();

    /// <param name="options">How to go about it.</param>
    /// <param name="verbose">Told what is out of the ordinary.</param>
    /// <param name="cancellation">Ends the waiting and escalates nothing; stopping again resumes.</param>
    public ContainerStopper(StopOptions options, Action<string> verbose, CancellationToken cancellation)
    {
        this.options = options;
        this.verbose = verbose;
        this.cancellation = cancellation;
        waiter = new ContainerWaiter(cancellation);
    }

    /// <summary>Sends the signal; does not wait.</summary>
    /// <exception cref="ContainerException">See <see cref="ContainerError"/>.</exception>
    public void Begin(Container container)
    {
        StoreAccess.RequireRoot("Stopping a container");
        var (run, seen, isKilled) = container.BeginStop(options, verbose, cancellation);
        if (run is null)
        {
            ended.Enqueue(container.Describe(container.Settle(cancellation)));
            return;
        }

        var seconds = options.Timeout ?? container.Spec.StopTimeoutSeconds;
        TimeSpan? timeout = seconds < 0 ? null : TimeSpan.FromSeconds(seconds);
        if (seen.StartUnderway is not null)
            timeout = TimeSpan.Zero;
        if (isKilled)
        {
            killed.Add(container);
            timeout = KillPatience;
        }

        if (!waiter.TryAdd(container, run, timeout))
            ended.Enqueue(container.Describe(seen));
    }

    /// <summary>Waits for all that were begun, and yields each as it ends.</summary>
    /// <param name="onFailure">Told of a container whose processes outlive SIGKILL, or that can't be read any more.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public IEnumerable<ContainerInfo> WaitForAll(Action<Container, ContainerException> onFailure)
    {
        while (ended.TryDequeue(out var info))
            yield return info;
        while (waiter.Next() is { } next)
        {
            if (next.Exit is { } exit)
                yield return next.Container.Describe(new Observation(exit.Status, next.State, exit));
            else if (next.Failure is { } unreadable)
                onFailure(next.Container, unreadable);
            else if (Escalate(next.Container, next.State) is { } failure)
                onFailure(next.Container, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => waiter.Dispose();

    private ContainerException? Escalate(Container container, RunState run)
    {
        try
        {
            if (killed.Add(container))
            {
                container.KillRun(run, cancellation);
                waiter.Prolong(container, KillPatience);
                return null;
            }

            waiter.Forget(container);
            return new ContainerException(
                ContainerError.ContainerStopTimeout,
                $"Container '{container.Name}' (process {run.Process.Pid}) is still there {KillPatience.TotalSeconds:0} seconds after SIGKILL: it waits "
                + "in the kernel (state D), for a disk or a network file system perhaps. It ends when that answers; stop it again to wait on.",
                container.Name);
        }
        catch (Exception exception) when (exception is ContainerException or SyscallException or IOException)
        {
            waiter.Forget(container);
            return exception as ContainerException
                ?? new ContainerException(ContainerError.ContainerStopTimeout, $"Container '{container.Name}' could not be killed: {exception.Message}", container.Name, exception);
        }
    }
}
