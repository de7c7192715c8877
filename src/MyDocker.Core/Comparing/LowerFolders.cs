using MyDocker.Interop;

namespace MyDocker;

/// <summary>One folder as the lower layers of an overlay show it together: the highest layer's entry counts, and whiteouts hide what is below.</summary>
internal sealed class LowerFolders(IReadOnlyList<FileDescriptor> folders) : IDisposable
{
    /// <summary>Below what the container has made itself there is nothing.</summary>
    public static LowerFolders None { get; } = new([]);

    /// <summary>Opens an entry with O_PATH; null when there is none.</summary>
    public FileDescriptor? TryOpen(byte[] name)
    {
        foreach (var folder in folders)
        {
            if (Entries.TryOpen(folder, name, Files.O_PATH) is not { } item)
                continue;
            if (!OverlayMarks.IsWhiteout(Files.Status(item)))
                return item;
            item.Dispose();
            return null;
        }

        return null;
    }

    /// <summary>Opens a folder in this one.</summary>
    public LowerFolders OpenFolder(byte[] name)
    {
        var found = new List<FileDescriptor>();
        foreach (var folder in folders)
        {
            using var item = Entries.TryOpen(folder, name, Files.O_PATH);
            if (item is null)
                continue;
            // A file or a whiteout hides what is below as well.
            if (!Files.Status(item).IsFolder)
                break;
            found.Add(Entries.OpenForListing(item));
            if (OverlayMarks.IsOpaque(item))
                break;
        }

        return new LowerFolders(found);
    }

    /// <summary>All names there are in any layer, whiteouts' too.</summary>
    public IEnumerable<byte[]> Names() => folders.SelectMany(folder => new FolderListing(folder).SortedNames());

    public void Dispose()
    {
        foreach (var folder in folders)
            folder.Dispose();
    }
}
