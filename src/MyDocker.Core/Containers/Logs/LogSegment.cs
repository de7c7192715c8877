using MyDocker.Interop;

namespace MyDocker.Logs;

/// <summary>
/// One file of a log, held open: renamed or deleted meanwhile, it is still read to its end. Positions count from the beginning of the
/// log's first file that we hold.
/// </summary>
internal sealed class LogSegment(FileDescriptor file, long start) : IDisposable
{
    /// <summary>A monitor's entries are shorter than twice this.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>What has no end of line for so long is no entry.</summary>
    private const int LongestEntry = 1024 * 1024;

    private byte[] buffer = new byte[BlockSize];
    private int unread;
    private int filled;
    private int peeked;
    private bool isPassingOver;
    private long filePosition;

    /// <summary>Whether other files came between it and the one before, and were gone before anybody read them.</summary>
    public bool FollowsGap { get; set; }

    /// <summary>Where it begins in the log.</summary>
    public long Start => start;

    /// <summary>Where it ends at the moment.</summary>
    public long End => start + Files.Status(file).Size;

    /// <summary>Where the next entry begins, or the one that was looked at last.</summary>
    public long Position => start + filePosition - (filled - unread);

    /// <summary>Goes on from the beginning of an entry.</summary>
    public void Seek(long position) => (filePosition, unread, filled, peeked, isPassingOver) = (position - start, 0, 0, 0, false);

    /// <summary>Looks at the next entry without going on.</summary>
    /// <param name="isComplete">Whether nothing is written to the file any more: what has no end of line then is an entry as well.</param>
    /// <param name="entry">The entry; its text is there until the next call.</param>
    /// <returns>False when there is none, or none yet.</returns>
    public bool TryPeek(bool isComplete, out LogEntry entry)
    {
        var searched = 0;
        while (true)
        {
            var bytes = buffer.AsSpan(unread, filled - unread);
            var newline = bytes[searched..].IndexOf((byte)'\n');
            if (newline >= 0)
            {
                peeked = searched + newline + 1;
                if (!isPassingOver && LogEntry.TryParse(bytes[..(peeked - 1)], out entry))
                    return true;
                isPassingOver = false;
                Skip();
                searched = 0;
                continue;
            }

            searched = bytes.Length;
            if (TryFill(ref searched))
                continue;
            entry = default;
            peeked = filled - unread;
            return isComplete && !isPassingOver && LogEntry.TryParse(buffer.AsSpan(unread, peeked), out entry);
        }
    }

    /// <summary>Goes on behind the entry that was looked at.</summary>
    public void Skip() => (unread, peeked) = (unread + peeked, 0);

    /// <summary>The entries that begin before a position, the last one first, and not much before the lowest one. Nothing is read that nobody asks for.</summary>
    public IEnumerable<LogMark> EntriesBefore(long position, long lowest)
    {
        // With the byte before, which tells whether an entry begins at once, and the header of one that begins with the last byte.
        var block = new byte[1 + BlockSize + LogEntry.HeaderSize];
        for (var end = position - start; end > Math.Max(0, lowest - start);)
        {
            var from = Math.Max(0, end - BlockSize);
            var first = Math.Max(0, from - 1);
            var length = Files.ReadAt(file, block, first);
            var searched = (int)Math.Min(length, end - 1 - first);
            while (searched > 0)
            {
                var newline = block.AsSpan(0, searched).LastIndexOf((byte)'\n');
                if (newline < 0)
                    break;
                if (Mark(first + newline + 1, block.AsSpan(newline + 1, length - newline - 1)) is { } mark)
                    yield return mark;
                searched = newline;
            }

            if (from == 0 && Mark(0, block.AsSpan(0, length)) is { } firstMark)
                yield return firstMark;
            end = from;
        }
    }

    /// <summary>Where the first entry of a time or later begins, by bisection.</summary>
    public long Find(DateTimeOffset time)
    {
        var (low, high) = (start, End);
        while (high - low > BlockSize)
        {
            var middle = low + ((high - low) / 2);
            Seek(middle);
            // From the middle of an entry on to the next one.
            isPassingOver = true;
            if (TryPeek(false, out var entry) && entry.Time < time)
                low = Position;
            else
                high = middle;
        }

        Seek(low);
        while (TryPeek(false, out var entry) && entry.Time < time)
            Skip();
        return Position;
    }

    public void Dispose() => file.Dispose();

    private LogMark? Mark(long offset, ReadOnlySpan<byte> bytes) =>
        LogEntry.TryParse(bytes, out var entry) ? new LogMark(start + offset, entry.Time, entry.Stream, entry.EndsLine) : null;

    /// <summary>Reads on; false at the end of the file.</summary>
    /// <param name="searched">How much of what is unread has no end of line in it; 0 when that was thrown away.</param>
    private bool TryFill(ref int searched)
    {
        if (filled - unread >= LongestEntry || isPassingOver)
        {
            // Somebody's zeros, or the like: nothing that would have to be kept until its end.
            (unread, filled, searched, isPassingOver) = (0, 0, 0, true);
        }
        else if (unread > 0)
        {
            buffer.AsSpan(unread, filled - unread).CopyTo(buffer);
            (unread, filled) = (0, filled - unread);
        }

        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var count = Files.ReadAt(file, buffer.AsSpan(filled), filePosition);
        filled += count;
        filePosition += count;
        return count > 0;
    }
}
