using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>Which of a container's streams a line came from.</summary>
internal enum LogStream
{
    /// <summary>Standard output, or a terminal.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}

/// <summary>
/// A container's log, in the format of Kubernetes' container runtime interface, which log collectors read: time, stream,
/// F for a whole line or P for a part of one, and the bytes as they came. Goes on in a new file at the maximum size.
/// </summary>
/// <remarks>Losing lines when the disk is full is better than holding up the container: nothing here throws.</remarks>
internal sealed class LogFile(string path, long maximumSize, int maximumFiles) : IDisposable
{
    private const int HeaderSize = 64;

    private readonly bool[] isLineOpen = new bool[2];
    private byte[] text = [];
    private FileDescriptor? file;
    private long size;
    private bool isTorn;

    /// <summary>Appends what was read from a stream, with the time of now.</summary>
    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        isLineOpen[(int)stream] = bytes[^1] != (byte)'\n';
        Span<byte> header = stackalloc byte[HeaderSize];
        _ = DateTime.UtcNow.TryFormat(header, out var timeLength, "O");
        var name = stream == LogStream.Output ? " stdout "u8 : " stderr "u8;
        name.CopyTo(header[timeLength..]);
        header = header[..(timeLength + name.Length)];

        var length = 0;
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var line = newline < 0 ? bytes : bytes[..newline];
            bytes = newline < 0 ? [] : bytes[(newline + 1)..];
            if (text.Length < length + HeaderSize + line.Length)
                Array.Resize(ref text, Math.Max(text.Length * 2, length + HeaderSize + line.Length));
            length += Write(text.AsSpan(length), header, newline < 0 ? "P "u8 : "F "u8, line);
        }

        WriteOut(text.AsSpan(0, length));
    }

    /// <summary>Ends the lines that the run has left without an end, so that the next run begins with new ones.</summary>
    public void EndLines()
    {
        foreach (var stream in (LogStream[])[LogStream.Output, LogStream.Error])
        {
            if (isLineOpen[(int)stream])
                Append(stream, "\n"u8);
        }
    }

    public void Dispose() => file?.Dispose();

    private static int Write(Span<byte> to, ReadOnlySpan<byte> header, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> line)
    {
        header.CopyTo(to);
        tag.CopyTo(to[header.Length..]);
        line.CopyTo(to[(header.Length + tag.Length)..]);
        var length = header.Length + tag.Length + line.Length;
        to[length] = (byte)'\n';
        return length + 1;
    }

    private void WriteOut(ReadOnlySpan<byte> lines)
    {
        try
        {
            if (size > 0 && size + lines.Length > maximumSize)
                Rotate();
            if (file is null)
            {
                file = Files.Open(path, Files.O_WRONLY | Files.O_CREAT | Files.O_APPEND | Files.O_NOFOLLOW, 0x180 /* 0600 */);
                size = Files.Status(file).Size;
            }

            // The disk filled up in the middle of an entry: the next one begins with a line of its own.
            if (isTorn)
                Files.Write(file, "\n"u8);
            isTorn = true;
            Files.Write(file, lines);
            isTorn = false;
            size += lines.Length;
        }
        catch (SyscallException)
        {
            // Disk full, most likely. The next piece tries again.
        }
    }

    /// <summary>container.log becomes container.log.1, that .2, and what is beyond the number of files to keep goes.</summary>
    private void Rotate()
    {
        file?.Dispose();
        (file, size) = (null, 0);
        for (var i = maximumFiles - 1; i >= 1; i--)
        {
            var from = i == 1 ? path : $"{path}.{i - 1}";
            if (File.Exists(from))
                Files.Rename(from, $"{path}.{i}");
        }

        if (maximumFiles <= 1)
            Files.Unlink(path);
    }
}
