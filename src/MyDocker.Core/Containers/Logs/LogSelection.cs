namespace MyDocker;

/// <summary>Which lines of a log are wanted, and how they shall print.</summary>
public sealed record LogSelection
{
    /// <summary>Only so many lines, the last ones of each container; null is all.</summary>
    public int? Tail { get; init; }

    /// <summary>Only lines from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only lines up to this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether to go on with what containers write from now on, until they end.</summary>
    public bool Follow { get; init; }

    /// <summary>Whether lines print with their time in front.</summary>
    public bool Timestamps { get; init; }
}
