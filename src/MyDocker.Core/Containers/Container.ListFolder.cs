using MyDocker.Interop;

namespace MyDocker;

/// <summary>Looking into a container's folders from outside.</summary>
public sealed partial class Container
{
    private const int MaximumListed = 1000;

    /// <summary>The names in one of its folders, for completion: nothing when it does not run, or there is no such folder.</summary>
    /// <param name="path">The folder's path inside.</param>
    public IReadOnlyList<(string Name, bool IsFolder)> ListFolder(string path)
    {
        try
        {
            using var root = ContainerRoot.TryOpenRunning(this);
            using var folder = root is null ? null : Files.TryOpenInRoot(root.Folder, path, Files.O_RDONLY | Files.O_DIRECTORY);
            if (folder is null)
                return [];
            var entries = new List<(string, bool)>();
            foreach (var name in new FolderListing(folder).SortedNames().Take(MaximumListed))
            {
                using var item = Entries.TryOpen(folder, name, Files.O_PATH);
                if (item is not null)
                    entries.Add((Entries.Text(name), Files.Status(item).IsFolder));
            }

            return entries;
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            // Completion has no place for errors; the copy itself will tell.
            return [];
        }
    }
}
