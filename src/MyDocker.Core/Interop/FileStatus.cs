namespace MyDocker.Interop;

/// <summary>What statx(2) says of a file, as far as we ask.</summary>
/// <param name="Mode">Type and permissions; see inode(7).</param>
/// <param name="Major">The device's major number, where it is a device.</param>
/// <param name="Minor">The device's minor number.</param>
/// <param name="Size">Bytes of content.</param>
internal readonly record struct FileStatus(uint Mode, uint Major, uint Minor, long Size)
{
    public uint Owner { get; init; }

    public uint Group { get; init; }

    /// <summary>How many names it has; none when it is deleted.</summary>
    public uint Links { get; init; }

    public FileIdentity Identity { get; init; }

    public FileTime Accessed { get; init; }

    public FileTime Modified { get; init; }

    /// <summary>When it was made, as far as the file system's clock ticks; zero where it does not know.</summary>
    public FileTime Born { get; init; }

    /// <summary>When its inode was last changed; of a deleted file, when it was deleted.</summary>
    public FileTime Changed { get; init; }

    public uint Type => Mode & Files.S_IFMT;

    public uint Permissions => Mode & ~Files.S_IFMT;

    public bool IsFolder => Type == Files.S_IFDIR;

    public bool IsRegular => Type == Files.S_IFREG;

    public bool IsLink => Type == Files.S_IFLNK;

    public bool IsCharacterDevice(uint major, uint minor) => Type == Files.S_IFCHR && Major == major && Minor == minor;
}

/// <summary>What tells one file from all others while it exists: its file system and its inode.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode);

/// <summary>A point in time as file systems keep it: seconds since 1970, and nanoseconds; finer than .NET's ticks. struct timespec.</summary>
internal readonly record struct FileTime(long Seconds, long Nanoseconds) : IComparable<FileTime>
{
    public int CompareTo(FileTime other) => (Seconds, Nanoseconds).CompareTo((other.Seconds, other.Nanoseconds));
}
