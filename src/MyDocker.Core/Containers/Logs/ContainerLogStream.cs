namespace MyDocker;

/// <summary>Where a container wrote a line to.</summary>
public enum ContainerLogStream
{
    /// <summary>Standard output, or a terminal.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,
}
