using System.Buffers.Text;

namespace MyDocker.Logs;

/// <summary>
/// One entry of a log: a whole line, the last part of one, or a part that goes on in the stream's next entry. The format is that of
/// Kubernetes' container runtime interface: time, stream, F or P, and the bytes.
/// </summary>
internal readonly ref struct LogEntry
{
    /// <summary>More than comes before the bytes: time, stream and tag.</summary>
    public const int HeaderSize = 64;

    public DateTimeOffset Time { get; private init; }

    public ContainerLogStream Stream { get; private init; }

    /// <summary>Whether the line ends here.</summary>
    public bool EndsLine { get; private init; }

    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>Reads an entry; false when these bytes are none, but what a crash or somebody else has left in the file.</summary>
    /// <param name="bytes">From its beginning; its end of line excluded.</param>
    /// <param name="entry">The entry.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LogEntry entry)
    {
        entry = default;
        if (!Utf8Parser.TryParse(bytes, out DateTimeOffset time, out var length, 'O'))
            return false;
        var rest = bytes[length..];
        var stream = rest.StartsWith(" stdout "u8) ? ContainerLogStream.Stdout : ContainerLogStream.Stderr;
        if (stream == ContainerLogStream.Stderr && !rest.StartsWith(" stderr "u8))
            return false;
        rest = rest[" stdout ".Length..];
        if (!rest.StartsWith("F "u8) && !rest.StartsWith("P "u8))
            return false;
        entry = new LogEntry { Time = time, Stream = stream, EndsLine = rest[0] == (byte)'F', Text = rest[2..] };
        return true;
    }
}

/// <summary>An entry seen from outside: where it begins, and whose part it is.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Stream">Whose it is.</param>
/// <param name="EndsLine">Whether the line ends here.</param>
internal readonly record struct LogMark(long Position, DateTimeOffset Time, ContainerLogStream Stream, bool EndsLine);
