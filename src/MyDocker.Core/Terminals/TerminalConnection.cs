namespace MyDocker;

/// <summary>A terminal inside a container, as far away as it may be.</summary>
internal abstract class TerminalConnection
{
    /// <summary>Becomes readable with output.</summary>
    public abstract int Output { get; }

    /// <summary>Becomes readable with the end; negative where the output says it.</summary>
    public abstract int End { get; }

    /// <summary>Whether the process has ended and everything it said has been read.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>Reads what there is; 0 when there is nothing.</summary>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Takes note of the end.</summary>
    public abstract void TakeEnd();

    /// <summary>Types as much as is taken now; returns how many bytes that was.</summary>
    public abstract int Write(ReadOnlySpan<byte> typed);

    /// <summary>Passes the size of the window on.</summary>
    public abstract void Resize(TerminalSize size);
}
