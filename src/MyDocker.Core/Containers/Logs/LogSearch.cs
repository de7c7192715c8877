namespace MyDocker.Logs;

/// <summary>Finds places in a log by reading as little of it as possible: blocks from the end, or bisection.</summary>
internal static class LogSearch
{
    /// <summary>
    /// How far the parts of a line may lie from each other, with another stream's lines between them. A monitor writes 64 KiB of one stream
    /// before it looks at the other.
    /// </summary>
    private const int LongestInterruption = 256 * 1024;

    private static readonly int StreamCount = Enum.GetValues<ContainerLogStream>().Length;

    /// <summary>Where the first entry of a time or later begins.</summary>
    public static long FindTime(IReadOnlyList<LogSegment> segments, DateTimeOffset time)
    {
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            segments[i].Seek(segments[i].Start);
            if (i == 0 || (segments[i].TryPeek(false, out var first) && first.Time < time))
                return segments[i].Find(time);
        }

        return 0;
    }

    /// <summary>Where the first of the last so many lines is completed. A line that is not complete yet is one of them.</summary>
    public static long FindTail(IReadOnlyList<LogSegment> segments, long end, int lines)
    {
        if (lines == 0)
            return end;
        Span<bool> isSeen = stackalloc bool[StreamCount];
        foreach (var mark in EntriesBefore(segments, end, 0))
        {
            if ((mark.EndsLine || !isSeen[(int)mark.Stream]) && --lines == 0)
                return mark.Position;
            isSeen[(int)mark.Stream] = true;
        }

        return 0;
    }

    /// <summary>Where to read from so that the lines completed from a position on are whole.</summary>
    public static long FindBeginning(IReadOnlyList<LogSegment> segments, long position)
    {
        Span<bool> isWhole = stackalloc bool[StreamCount];
        Span<long> known = stackalloc long[StreamCount];
        known.Fill(position);
        var beginning = position;
        foreach (var mark in EntriesBefore(segments, position, position - LineAssembler.LongestLine))
        {
            var stream = (int)mark.Stream;
            isWhole[stream] |= mark.EndsLine;
            if (!isWhole[stream])
                beginning = known[stream] = mark.Position;
            if (IsAllKnown(isWhole, known, mark.Position))
                break;
        }

        return beginning;
    }

    private static bool IsAllKnown(ReadOnlySpan<bool> isWhole, ReadOnlySpan<long> known, long position)
    {
        for (var stream = 0; stream < isWhole.Length; stream++)
        {
            if (!isWhole[stream] && known[stream] - position < LongestInterruption)
                return false;
        }

        return true;
    }

    private static IEnumerable<LogMark> EntriesBefore(IReadOnlyList<LogSegment> segments, long position, long lowest)
    {
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (segments[i].Start >= position)
                continue;
            foreach (var mark in segments[i].EntriesBefore(Math.Min(position, segments[i].End), lowest))
                yield return mark;
        }
    }
}
