namespace MyDocker;

/// <summary>What a container says, line by line while it is written.</summary>
internal static class ForegroundOutput
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Passes lines on until both streams have ended.</summary>
    /// <param name="output">The streams.</param>
    /// <param name="write">Takes a line of standard output.</param>
    /// <param name="writeError">Takes lines of standard error.</param>
    /// <param name="cancellation">Ends the wait at once.</param>
    public static void Stream(AttachedOutput output, Action<object> write, Action<IReadOnlyList<string>> writeError, CancellationToken cancellation)
    {
        var standardOutput = new LineSplitter();
        var standardError = new LineSplitter();
        var buffer = new byte[BufferSize];
        while (output.Read(buffer, cancellation) is { } piece)
        {
            if (piece.IsError)
                writeError(standardError.Split(buffer.AsSpan(0, piece.Length)));
            else
                standardOutput.Split(buffer.AsSpan(0, piece.Length)).ForEach(write);
        }

        foreach (var line in standardOutput.Rest())
            write(line);
        writeError([.. standardError.Rest()]);
    }
}
