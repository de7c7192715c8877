using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Remembers files that have more than one name, so that their copies are one file too. It forgets those whose names have all been
/// seen. Copies are found again from the folder all is copied into, and never through a link that somebody put there meanwhile.
/// </summary>
internal sealed class HardLinks(FileDescriptor top)
{
    private readonly Dictionary<FileIdentity, Known> known = [];

    /// <summary>Gives the copy of a file a further name; false when there is no copy yet, or no more.</summary>
    public bool TryAddName(FileStatus source, FileDescriptor folder, byte[] name)
    {
        if (!known.TryGetValue(source.Identity, out var copy))
            return false;
        using var above = Files.TryOpenInRoot(
            top, copy.Folder, Files.O_PATH | Files.O_DIRECTORY, resolve: Files.RESOLVE_BENEATH | Files.RESOLVE_NO_SYMLINKS);
        if (above is null || !TryAddName(above, copy.Name, folder, name))
            return false;
        if (--copy.NamesLeft == 0)
            known.Remove(source.Identity);
        return true;
    }

    /// <summary>Remembers a copy.</summary>
    /// <param name="source">Of what.</param>
    /// <param name="folder">Where it is, below the top; with a zero at the end.</param>
    /// <param name="name">Its name there.</param>
    public void Remember(FileStatus source, byte[] folder, byte[] name) =>
        known[source.Identity] = new Known { Folder = folder, Name = name, NamesLeft = source.Links - 1 };

    private static bool TryAddName(FileDescriptor from, byte[] existing, FileDescriptor folder, byte[] name)
    {
        switch (Entries.TryAddName(from, existing, folder, name))
        {
            case 0:
                return true;
            case Errno.EEXIST:
                // In the way: removed, and in its place the same again. A folder is not, and the copy of a file fails at it as well.
                return Entries.TryUnlink(folder, name) == 0 && Entries.TryAddName(from, existing, folder, name) == 0;
            default:
                return false;
        }
    }

    private sealed class Known
    {
        public required byte[] Folder { get; init; }

        public required byte[] Name { get; init; }

        public required uint NamesLeft { get; set; }
    }
}
