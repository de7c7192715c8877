namespace MyDocker;

/// <summary>Watches in the background and raises an event for all that happens to containers, for Register-ObjectEvent.</summary>
public sealed class ContainerEventSource : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ManualResetEventSlim hasHandler = new();
    private readonly Lock gate = new();
    private readonly ContainerEventReader reader;
    private readonly Func<ContainerEvent, bool> isWanted;
    private readonly Thread thread;
    private EventHandler<ContainerEventArgs>? handlers;

    /// <summary>Begins to watch.</summary>
    /// <param name="store">Whose containers.</param>
    /// <param name="isWanted">Which events to raise.</param>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public ContainerEventSource(ContainerStore store, Func<ContainerEvent, bool> isWanted)
    {
        this.isWanted = isWanted;
        reader = new ContainerEventReader(store, ending.Token);
        thread = new Thread(Watch) { IsBackground = true, Name = "MyDocker events" };
        thread.Start();
    }

    /// <summary>
    /// Raised for each event, on a thread of its own; what a handler throws is the handler's affair. The first handler is told what
    /// has happened before it came.
    /// </summary>
    public event EventHandler<ContainerEventArgs>? ContainerEvent
    {
        add
        {
            lock (gate)
                handlers += value;
            hasHandler.Set();
        }

        remove
        {
            lock (gate)
                handlers -= value;
        }
    }

    /// <summary>Ends the watching; no event is raised afterwards.</summary>
    public void Dispose()
    {
        if (ending.IsCancellationRequested)
            return;
        ending.Cancel();
        // A handler may dispose of its own source: the thread still needs these then.
        if (Environment.CurrentManagedThreadId == thread.ManagedThreadId)
            return;
        thread.Join();
        hasHandler.Dispose();
        ending.Dispose();
    }

    private void Watch()
    {
        try
        {
            while (true)
            {
                var happened = reader.Next();
                hasHandler.Wait(ending.Token);
                if (isWanted(happened))
                    Raise(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
        finally
        {
            reader.Dispose();
        }
    }

    private void Raise(ContainerEvent happened)
    {
        try
        {
            handlers?.Invoke(this, new ContainerEventArgs(happened));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Nobody is there to be told, and a failure here would end the whole session.
        }
    }
}
