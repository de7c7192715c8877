using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Walks a container's layer beside the layers below it and tells the differences, in the order of their paths, each folder before
/// what is in it. The layer is what a container made it: it is walked by descriptor, no link in it is followed, no device opened.
/// </summary>
internal sealed class LayerComparison : IDisposable
{
    private readonly string container;
    private readonly IReadOnlySet<string> madeByRuntime;
    private readonly Stack<Step> steps = new();
    private readonly ItemComparison comparison = new();
    private ContainerChange? found;

    /// <param name="container">The container's name.</param>
    /// <param name="layers">What is to be compared.</param>
    /// <param name="madeByRuntime">Paths of places to mount on and the like, which no process of the container has made.</param>
    public LayerComparison(string container, OverlayLayers layers, IReadOnlySet<string> madeByRuntime)
    {
        (this.container, this.madeByRuntime) = (container, madeByRuntime);
        var upper = Files.Open(layers.Upper, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW);
        var lower = new LowerFolders([.. layers.Lower.Select(path => Files.Open(path, Files.O_RDONLY | Files.O_DIRECTORY))]);
        steps.Push(new Step("", upper, lower, false));
    }

    /// <summary>What differs, one after the other as it is found.</summary>
    public IEnumerable<ContainerChange> Changes(CancellationToken cancellation)
    {
        while (steps.TryPeek(out var step))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!step.Names.TryDequeue(out var name))
            {
                steps.Pop().Dispose();
                continue;
            }

            if (!Compare(step, name))
                continue;
            // What is above a change has changed as well.
            foreach (var above in steps.Reverse())
            {
                if (above.Unreported is { } change)
                    yield return change;
                above.Unreported = null;
            }

            if (found is not null)
                yield return found;
            found = null;
        }
    }

    public void Dispose()
    {
        while (steps.TryPop(out var step))
            step.Dispose();
    }

    /// <summary>Compares one name, and begins with what is in it where it is a folder.</summary>
    /// <returns>Whether there is something to tell, in <see cref="found"/> or of the folder begun.</returns>
    private bool Compare(Step step, byte[] name)
    {
        var path = $"{step.Path}/{Entries.Text(name)}";
        using var upper = Entries.TryOpen(step.Upper, name, Files.O_PATH);
        // In an opaque folder a name of the layers below; else deleted since it was listed.
        if (upper is null && Marshal.GetLastPInvokeError() != Errno.ENOENT)
            throw SyscallException.FromLastError("openat", path);
        using var lower = step.Lower.TryOpen(name);
        var now = upper is null ? default : Files.Status(upper);
        var before = lower is null ? default : Files.Status(lower);

        if (upper is null || OverlayMarks.IsWhiteout(now))
            return lower is not null && (upper is not null || step.IsOpaque) && Tell(ContainerChangeKind.Deleted, path, before);
        if (lower is null)
            return TellAdded(path, upper, now);
        if (!now.IsFolder)
            return (before.IsFolder || !comparison.IsSame(upper, now, lower, before)) && Tell(ContainerChangeKind.Changed, path, now);

        var isOpaque = OverlayMarks.IsOpaque(upper);
        var isSame = before.IsFolder && !isOpaque && comparison.IsSameFolder(upper, now, lower, before);
        Enter(path, upper, before.IsFolder ? step.Lower.OpenFolder(name) : LowerFolders.None, isOpaque, ContainerChangeKind.Changed);
        return !isSame;
    }

    private bool TellAdded(string path, FileDescriptor upper, FileStatus now)
    {
        var isRuntimes = madeByRuntime.Contains(path);
        if (!now.IsFolder)
            return !(isRuntimes && now is { IsRegular: true, Size: 0 }) && Tell(ContainerChangeKind.Added, path, now);
        Enter(path, upper, LowerFolders.None, false, ContainerChangeKind.Added);
        return !isRuntimes;
    }

    private bool Tell(ContainerChangeKind kind, string path, FileStatus status)
    {
        found = Change(kind, path, status);
        return true;
    }

    private void Enter(string path, FileDescriptor upper, LowerFolders lower, bool isOpaque, ContainerChangeKind kind) =>
        steps.Push(new Step(path, Entries.OpenForListing(upper), lower, isOpaque) { Unreported = Change(kind, path, Files.Status(upper)) });

    private ContainerChange Change(ContainerChangeKind kind, string path, FileStatus status) =>
        new() { Kind = kind, Path = path, ItemType = TypeOf(status), Container = container };

    private static ContainerItemType TypeOf(FileStatus status) => status.Type switch
    {
        Files.S_IFDIR => ContainerItemType.Folder,
        Files.S_IFLNK => ContainerItemType.SymbolicLink,
        Files.S_IFCHR => ContainerItemType.CharacterDevice,
        Files.S_IFBLK => ContainerItemType.BlockDevice,
        Files.S_IFIFO => ContainerItemType.Pipe,
        Files.S_IFSOCK => ContainerItemType.Socket,
        _ => ContainerItemType.File,
    };

    /// <summary>A folder of the layer, beside the same one below.</summary>
    private sealed class Step : IDisposable
    {
        public Step(string path, FileDescriptor upper, LowerFolders lower, bool isOpaque)
        {
            (Path, Upper, Lower, IsOpaque) = (path, upper, lower, isOpaque);
            var names = new FolderListing(upper).SortedNames();
            Names = new Queue<byte[]>(isOpaque ? Merge(names, lower.Names()) : names);
        }

        public string Path { get; }

        public FileDescriptor Upper { get; }

        public LowerFolders Lower { get; }

        /// <summary>Whether what is below does not show through: names that are only there are deleted.</summary>
        public bool IsOpaque { get; }

        public Queue<byte[]> Names { get; }

        /// <summary>The folder itself, while there was no reason yet to tell of it.</summary>
        public ContainerChange? Unreported { get; set; }

        public void Dispose()
        {
            Upper.Dispose();
            Lower.Dispose();
        }

        private static IEnumerable<byte[]> Merge(IEnumerable<byte[]> names, IEnumerable<byte[]> others)
        {
            var all = names.Concat(others).ToList();
            all.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
            return all.Where((name, index) => index == 0 || !name.AsSpan().SequenceEqual(all[index - 1]));
        }
    }
}
