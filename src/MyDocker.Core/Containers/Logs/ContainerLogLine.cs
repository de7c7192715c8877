using System.Globalization;

namespace MyDocker;

/// <summary>One line that a container has written. Prints as its text.</summary>
public sealed record ContainerLogLine
{
    /// <summary>When the line was complete.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where it was written to.</summary>
    public required ContainerLogStream Stream { get; init; }

    /// <summary>The line without its end. What is not UTF-8 reads as U+FFFD.</summary>
    public required string Text { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it prints with its time in front.</summary>
    internal bool HasTime { get; init; }

    /// <summary>What it prints with in front: whose line it is, where several containers are read.</summary>
    internal string Heading { get; init; } = "";

    /// <summary>The text, with container and time in front where they were asked for.</summary>
    public override string ToString() =>
        HasTime ? string.Create(CultureInfo.InvariantCulture, $"{Heading}{Time.UtcDateTime:O} {Text}") : Heading + Text;
}
