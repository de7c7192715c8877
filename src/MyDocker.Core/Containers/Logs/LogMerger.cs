namespace MyDocker.Logs;

/// <summary>The lines of several containers as one sequence, the oldest first.</summary>
internal sealed class LogMerger : IDisposable
{
    private readonly List<LogReader> readers = [];
    private readonly PriorityQueue<LogReader, (DateTimeOffset Time, int Order)> withLine = new();
    private readonly Action<ContainerException> onFailure;
    private readonly Action<LogReader> advance;

    /// <param name="onFailure">Told of a log that can't be read; the others are.</param>
    public LogMerger(Action<ContainerException> onFailure)
    {
        this.onFailure = onFailure;
        advance = Advance;
    }

    /// <summary>Those that may still have a line to give.</summary>
    public IReadOnlyList<LogReader> Readers => readers;

    /// <summary>Takes a container's lines in.</summary>
    /// <param name="open">Makes the reader, which is disposed of here.</param>
    public void Add(Func<LogReader> open)
    {
        try
        {
            readers.Add(open());
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            Report(exception);
        }
    }

    /// <summary>Finds the first line of each.</summary>
    public void Begin()
    {
        foreach (var (order, reader) in readers.ToArray().Index())
        {
            reader.Order = order;
            Attempt(reader, static reader => reader.Begin());
            Attempt(reader, advance);
        }
    }

    /// <summary>The oldest line there is; null when there is none, or none yet.</summary>
    public ContainerLogLine? Next()
    {
        if (!withLine.TryDequeue(out var reader, out _))
            return null;
        var line = reader.Line;
        Attempt(reader, advance);
        return line;
    }

    /// <summary>Something has happened to a log: takes hold of new files, and asks again where there was nothing to give.</summary>
    public void LookAgain(LogReader reader)
    {
        Attempt(reader, static reader => reader.LookForFiles());
        if (reader.Line is null)
            Attempt(reader, advance);
    }

    public void Dispose()
    {
        foreach (var reader in readers)
            reader.Dispose();
    }

    private void Advance(LogReader reader)
    {
        reader.Advance();
        if (reader.Line is { } line)
            withLine.Enqueue(reader, (line.Time, reader.Order));
        else if (reader.HasEnded)
            Drop(reader);
    }

    /// <summary>Does something with a reader; one that fails has no more to say.</summary>
    private void Attempt(LogReader reader, Action<LogReader> action)
    {
        if (!readers.Contains(reader))
            return;
        try
        {
            action(reader);
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            Drop(reader);
            Report(exception);
        }
    }

    private void Drop(LogReader reader)
    {
        readers.Remove(reader);
        reader.Dispose();
    }

    private void Report(Exception exception) => onFailure(exception as ContainerException
        ?? new ContainerException(ContainerError.ContainerStateInvalid, exception.Message, null, exception));
}
