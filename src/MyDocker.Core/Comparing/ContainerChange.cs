namespace MyDocker;

/// <summary>Something in a container's file system that is not as it was when the container was made.</summary>
public sealed record ContainerChange
{
    /// <summary>What happened to it.</summary>
    public required ContainerChangeKind Kind { get; init; }

    /// <summary>Where it is, or was, in the container.</summary>
    public required string Path { get; init; }

    /// <summary>What it is, or was.</summary>
    public required ContainerItemType ItemType { get; init; }

    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>As docker diff writes it: A, C or D, and the path.</summary>
    public override string ToString() => $"{Kind.ToString()[0]} {Path}";
}

/// <summary>What can happen to a file or folder.</summary>
public enum ContainerChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is different from before, or something in it is.</summary>
    Changed,

    /// <summary>It is not there any more.</summary>
    Deleted,
}

/// <summary>What there is in a file system.</summary>
public enum ContainerItemType
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>A named pipe; see fifo(7).</summary>
    Pipe,

    /// <summary>A socket; see unix(7).</summary>
    Socket,
}
