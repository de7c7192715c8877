using MyDocker.Interop;

namespace MyDocker.Logs;

/// <summary>The wanted lines of one container, one after the other; nothing is kept but the line at hand.</summary>
internal sealed class LogReader : IDisposable
{
    private readonly LogSelection selection;
    private readonly LogFiles files;
    private readonly Action<string> warn;
    private readonly LineAssembler lines = new();
    private readonly DateTimeOffset? runStart;
    private long firstWanted;
    private bool isComplete;

    /// <param name="container">Whose lines.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="warn">Told when lines were lost.</param>
    /// <exception cref="ContainerException">ContainerNotFound, AccessDenied, ContainerStateInvalid.</exception>
    public LogReader(Container container, LogSelection selection, Action<string> warn)
    {
        (Container, this.selection, this.warn) = (container, selection, warn);
        files = new LogFiles(container);
        var seen = container.Observe();
        runStart = seen.State?.StartedAt;
        isComplete = !seen.Status.IsAlive() && seen.StartUnderway is null;
        Run = isComplete ? null : seen.StartUnderway ?? seen.State;
    }

    /// <summary>The container read from.</summary>
    public Container Container { get; }

    /// <summary>Its folder.</summary>
    public FileDescriptor Folder => files.Folder;

    /// <summary>The run that is under way; null when there is none.</summary>
    public RunState? Run { get; }

    /// <summary>What its lines print with in front.</summary>
    public string Heading { get; init; } = "";

    /// <summary>Its place among others whose lines have the same time.</summary>
    public int Order { get; set; }

    /// <summary>The line at hand; null when there is none, or none yet.</summary>
    public ContainerLogLine? Line { get; private set; }

    /// <summary>Whether no line will come any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Opens the files and finds the place of the first wanted line.</summary>
    public void Begin()
    {
        files.Refresh();
        if (files.Segments.Count == 0)
            return;
        var segments = files.Segments;
        if (selection.Since is { } since)
            firstWanted = LogSearch.FindTime(segments, since);
        if (selection.Tail is { } tail)
        {
            var end = selection.Until is { } until ? LogSearch.FindTime(segments, until.AddTicks(1)) : segments[^1].End;
            firstWanted = Math.Max(firstWanted, LogSearch.FindTail(segments, end, tail));
        }

        var beginning = LogSearch.FindBeginning(segments, firstWanted);
        while (segments.Count > 1 && segments[1].Start <= beginning)
            files.ForgetFirst();
        segments[0].Seek(beginning);
    }

    /// <summary>Nothing is written any more: what is there now is all.</summary>
    public void Complete() => isComplete = true;

    /// <summary>Reads on in files that have come meanwhile.</summary>
    public void LookForFiles() => files.Refresh();

    /// <summary>Keeps files that have come meanwhile from going again before they are read. Any thread may call it.</summary>
    public void HoldFiles() => files.Hold();

    /// <summary>Goes on to the next line.</summary>
    public void Advance() => Line = Next();

    public void Dispose()
    {
        HasEnded = true;
        files.Dispose();
    }

    private ContainerLogLine? Next()
    {
        while (!HasEnded)
        {
            if (files.Segments.Count > 0)
            {
                var segment = files.Segments[0];
                var isLast = files.Segments.Count == 1;
                if (segment.TryPeek(!isLast || isComplete, out var entry))
                {
                    if (entry.Time > selection.Until)
                        HasEnded = true;
                    else if (Take(segment, entry) is { } line)
                        return line;
                    continue;
                }

                if (!isLast)
                {
                    GoOnToNextFile();
                    continue;
                }
            }

            if (selection.Follow && !isComplete)
                return null;
            if (TakeOpenLine() is { } last)
                return last;
            HasEnded = true;
        }

        return null;
    }

    private void GoOnToNextFile()
    {
        files.ForgetFirst();
        var segment = files.Segments[0];
        segment.Seek(segment.Start);
        if (!segment.FollowsGap)
            return;
        foreach (var stream in Enum.GetValues<ContainerLogStream>())
            _ = lines.End(stream);
        warn($"Container '{Container.Name}' writes faster than its log is read: files were rotated away, and lines may be missing here.");
    }

    private ContainerLogLine? Take(LogSegment segment, LogEntry entry)
    {
        // A monitor that was killed has left a line without its end; what the next run says begins a new one.
        if (lines.Open(entry.Stream) is { } open && open.Time < runStart && runStart <= entry.Time)
            return Close(open);
        var position = segment.Position;
        var text = lines.Add(entry, position);
        segment.Skip();
        return text is not null && position >= firstWanted ? ToLine(entry.Time, entry.Stream, text) : null;
    }

    /// <summary>What is there of a line whose end has not come, the older one first.</summary>
    private ContainerLogLine? TakeOpenLine()
    {
        while ((lines.Open(ContainerLogStream.Stdout), lines.Open(ContainerLogStream.Stderr)) is var (output, error)
            && (output?.Time <= error?.Time ? output : error ?? output) is { } open)
        {
            if (Close(open) is { } line)
                return line;
        }

        return null;
    }

    private ContainerLogLine? Close(LogMark open)
    {
        var text = lines.End(open.Stream);
        return open.Position >= firstWanted ? ToLine(open.Time, open.Stream, text) : null;
    }

    private ContainerLogLine ToLine(DateTimeOffset time, ContainerLogStream stream, string text) => new()
    {
        Time = time,
        Stream = stream,
        Text = text,
        Name = Container.Name,
        Id = Container.Id,
        HasTime = selection.Timestamps,
        Heading = Heading,
    };
}
