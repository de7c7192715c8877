namespace MyDocker;

/// <summary>Waiting for containers to end.</summary>
public sealed partial class Container
{
    /// <summary>Waits for containers to end, and yields each as it does.</summary>
    /// <param name="containers">Which; one that has ended already is yielded at once.</param>
    /// <param name="timeout">How long in all; null is for ever. Those still running then are not yielded.</param>
    /// <param name="onFailure">Told of a container whose files can't be read any more.</param>
    /// <param name="cancellation">Ends the wait at once; the containers go on.</param>
    public static IEnumerable<ContainerInfo> WaitForEnd(
        IEnumerable<Container> containers, TimeSpan? timeout, Action<ContainerException> onFailure, CancellationToken cancellation)
    {
        using var waiter = new ContainerWaiter(cancellation);
        foreach (var container in containers)
        {
            var seen = container.Settle(cancellation);
            var run = seen.StartUnderway ?? (seen.Status.IsAlive() ? seen.State : null);
            if (run is null || !waiter.TryAdd(container, run, timeout))
                yield return container.Describe(seen);
        }

        while (waiter.Next() is { } next)
        {
            if (next.Exit is { } exit)
                yield return next.Container.Describe(new Observation(exit.Status, next.State, exit));
            else if (next.Failure is { } unreadable)
                onFailure(unreadable);
            else
                waiter.Forget(next.Container);
        }
    }

    /// <summary>Refuses to wait for a container that nobody has started: its end may never come.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning.</exception>
    public void RequireStarted()
    {
        if (Observe() is { Status: ContainerStatus.Created, StartUnderway: null })
        {
            throw new ContainerException(
                ContainerError.ContainerNotRunning, $"Container '{Name}' has not been started: start it first (Start-Container {Name}).", Name);
        }
    }
}
