using System.Runtime.InteropServices;
using System.Text;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Where a copy goes, by docker's rules: into a folder that is there, under the source's name or, for a source that ends with "/.",
/// as it is; else under the destination's own name. Links on the way are followed below the root only.
/// </summary>
/// <param name="Folder">An open folder.</param>
/// <param name="Name">The name in it; null when a folder's content is to go right into it.</param>
/// <param name="Shown">Both, for messages.</param>
internal sealed record CopyDestination(FileDescriptor Folder, byte[]? Name, string Shown) : IDisposable
{
    private const int MaximumLinks = 40;

    /// <summary>Finds the place for one item.</summary>
    /// <param name="root">Where it is.</param>
    /// <param name="destination">As it was written.</param>
    /// <param name="source">What is to be copied.</param>
    /// <param name="isFolder">Whether that is a folder.</param>
    /// <param name="isOneOfMany">Whether more goes to the same place, so that it has to be a folder.</param>
    /// <exception cref="ContainerException">ContainerItemNotFound for a missing folder, InvalidArgument where the two do not fit.</exception>
    public static CopyDestination Find(ItemRoot root, ItemLocation destination, ItemLocation source, bool isFolder, bool isOneOfMany)
    {
        var there = Files.TryOpenInRoot(root.Folder, destination.Path, Files.O_PATH);
        if (there is null && Marshal.GetLastPInvokeError() is var errno and not Errno.ENOENT)
            throw Unusable(destination, new SyscallException("openat2", errno));
        if (there is not null && Files.Status(there).IsFolder)
        {
            return source.IsContent
                ? new CopyDestination(there, null, destination.Shown)
                : new CopyDestination(there, Files.NullTerminated(source.Name), $"{destination.Shown}/{source.Name}");
        }

        var exists = there is not null;
        there?.Dispose();
        if (exists && (isFolder || isOneOfMany))
            throw ContainerException.Invalid($"'{destination}' is not a folder: '{source}' can't be copied into it.", destination.ToString());
        if (isOneOfMany || (destination.IsFolder && !isFolder))
            throw MissingFolder(destination);
        return FollowToName(root, destination);
    }

    public void Dispose() => Folder.Dispose();

    /// <summary>A file is put in the place of what a link leads to; the link stays. So the folder and the name there are looked for.</summary>
    private static CopyDestination FollowToName(ItemRoot root, ItemLocation destination)
    {
        var path = Encoding.UTF8.GetBytes(destination.Trimmed);
        for (var links = 0; links < MaximumLinks; links++)
        {
            var slash = path.AsSpan().LastIndexOf((byte)'/');
            byte[] above = [.. path.AsSpan(0, slash + 1), 0];
            byte[] name = [.. path.AsSpan(slash + 1), 0];
            var folder = Files.TryOpenInRoot(root.Folder, above, Files.O_PATH | Files.O_DIRECTORY)
                ?? throw (Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR
                    ? MissingFolder(destination with { Path = Entries.Text(above) })
                    : Unusable(destination, SyscallException.FromLastError("openat2", Entries.Text(above))));
            // The kernel resolves those below a root only as part of a path; as a name, ".." would lead out of it.
            if (name.AsSpan() is [0] or [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
                throw Unusable(destination, new SyscallException("openat", Errno.EINVAL, Entries.Text([.. path, 0])));
            using var link = Entries.TryOpen(folder, name, Files.O_PATH);
            if (link is null || !Files.Status(link).IsLink)
                return new CopyDestination(folder, name, destination.Shown);
            folder.Dispose();
            var target = Entries.ReadLink(link).AsSpan()[..^1].TrimEnd((byte)'/');
            path = target.StartsWith("/"u8) ? target.ToArray() : [.. above.AsSpan()[..^1], .. target];
        }

        throw Unusable(destination, new SyscallException("readlinkat", Errno.ELOOP));
    }

    private static ContainerException MissingFolder(ItemLocation folder) => new(
        ContainerError.ContainerItemNotFound, $"There is no folder '{folder}' to copy into: make it first.", folder.ToString());

    private static ContainerException Unusable(ItemLocation destination, SyscallException failure) => new(
        ContainerError.CopyFailed, $"'{destination}' can't be copied to: {failure.Message}", destination.ToString(), failure);
}
