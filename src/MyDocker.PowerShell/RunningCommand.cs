namespace MyDocker;

/// <summary>A process inside a container whose bytes become a pipeline's objects, and the other way round.</summary>
/// <param name="session">The process; disposed of with this.</param>
/// <param name="isBinary">Whether standard output comes out as bytes, and not as lines.</param>
/// <param name="write">Takes what comes out.</param>
/// <param name="writeError">Takes standard error's lines.</param>
internal sealed class RunningCommand(ProcessSession session, bool isBinary, Action<object> write, Action<IReadOnlyList<string>> writeError) : IDisposable
{
    private readonly LineSplitter output = new();
    private readonly LineSplitter error = new();

    /// <summary>Whether the process's end is known.</summary>
    public bool HasEnded => session.ExitCode is not null;

    /// <summary>Gives the command something to read, and takes what it has said by then.</summary>
    public void Feed(byte[] bytes)
    {
        session.Write(bytes, Take);
        session.TakeOutput(Take);
    }

    /// <summary>Ends the command's input and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public int? Finish() => Conclude(session.RunToEnd(Take));

    /// <summary>Gives the command our own standard input, and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public int? FinishWithStandardInput() => Conclude(session.RunToEndOfStandardInput(Take));

    /// <summary>Waits for the process's end and leaves its input alone.</summary>
    /// <returns>The exit code.</returns>
    public int? Watch() => Conclude(session.Watch(Take));

    private int? Conclude(int? exitCode)
    {
        foreach (var line in output.Rest())
            write(line);
        writeError([.. error.Rest()]);
        return exitCode;
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private void Take(ReadOnlySpan<byte> bytes, bool isError)
    {
        if (isError)
        {
            writeError(error.Split(bytes));
        }
        else if (isBinary)
        {
            write(bytes.ToArray());
        }
        else
        {
            foreach (var line in output.Split(bytes))
                write(line);
        }
    }
}
