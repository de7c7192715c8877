using System.Text;

namespace MyDocker.Logs;

/// <summary>Puts the parts of lines together; each stream has its own, and they come interleaved.</summary>
internal sealed class LineAssembler
{
    /// <summary>A container that never ends its line must not fill our memory: its line is cut here.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    /// <summary>What a long line took is given back after it.</summary>
    private const int MostKept = 1024 * 1024;

    private readonly Part[] parts = [.. Enum.GetValues<ContainerLogStream>().Select(_ => new Part())];

    /// <summary>The last part of a stream's line that is not complete; null when there is no such line.</summary>
    public LogMark? Open(ContainerLogStream stream) => parts[(int)stream].Last;

    /// <summary>Adds an entry, and returns the text of the line that it completes.</summary>
    public string? Add(LogEntry entry, long position)
    {
        var part = parts[(int)entry.Stream];
        if (part.Last is null && entry.EndsLine)
            return Decode(entry.Text);
        part.Append(entry.Text, new LogMark(position, entry.Time, entry.Stream, entry.EndsLine));
        return entry.EndsLine || part.Length >= LongestLine ? part.Take() : null;
    }

    /// <summary>Ends a stream's line where it is.</summary>
    public string End(ContainerLogStream stream) => parts[(int)stream].Take();

    /// <summary>A terminal's lines end in CR LF; neither is part of the line.</summary>
    private static string Decode(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes.EndsWith("\r"u8) ? bytes[..^1] : bytes);

    private sealed class Part
    {
        private byte[] bytes = [];

        public int Length { get; private set; }

        public LogMark? Last { get; private set; }

        public void Append(ReadOnlySpan<byte> more, LogMark mark)
        {
            if (bytes.Length < Length + more.Length)
                Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + more.Length));
            more.CopyTo(bytes.AsSpan(Length));
            Length += more.Length;
            Last = mark;
        }

        public string Take()
        {
            var text = Decode(bytes.AsSpan(0, Length));
            if (bytes.Length > MostKept)
                bytes = [];
            (Length, Last) = (0, null);
            return text;
        }
    }
}
