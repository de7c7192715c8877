using System.Globalization;
using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// Deletes a folder and all below it, whatever a container has put there: names that are not UTF-8, which .NET can't
/// spell; links, which are never followed; and nesting so deep that paths, recursion or open descriptors would give out.
/// </summary>
internal static class FolderRemoval
{
    /// <summary>Deletes it; one that is not there is fine.</summary>
    /// <exception cref="SyscallException">Something in it can't be deleted.</exception>
    public static void Remove(string path)
    {
        // A monitor that nobody could wait for, as the container's state is broken, may still write its last word into it:
        // what has come since goes in the next round.
        const int Rounds = 5;
        for (var round = 1; !TryRemove(path); round++)
        {
            if (round == Rounds)
                throw new SyscallException("rmdir", Errno.ENOTEMPTY, path);
        }
    }

    /// <summary>Deletes all there is; false when something has come meanwhile.</summary>
    private static bool TryRemove(string path)
    {
        using var top = Files.TryOpen(path, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW);
        if (top is null)
        {
            if (Marshal.GetLastPInvokeError() == Errno.ENOENT)
                return true;
            throw SyscallException.FromLastError("open", path);
        }

        // A folder that is not empty is moved up to the top and done later: so none is ever deeper than one step.
        var pending = new Queue<byte[]>();
        Empty(top, top, pending);
        while (pending.TryDequeue(out var name))
        {
            // Listed twice when it was moved up while the top was being read; gone the second time.
            using var folder = TryOpenFolder(top, name);
            if (folder is null)
                continue;
            Empty(folder, top, pending);
            if (Entries.TryRemoveFolder(top, name) is var errno and not 0)
                throw new SyscallException("unlinkat", errno, Entries.Text(name));
        }

        return Files.TryRemoveFolder(path) switch
        {
            0 or Errno.ENOENT => true,
            Errno.ENOTEMPTY => false,
            var errno => throw new SyscallException("rmdir", errno, path),
        };
    }

    private static void Empty(FileDescriptor folder, FileDescriptor top, Queue<byte[]> pending)
    {
        var listing = new FolderListing(folder);
        for (var name = listing.Next(); !name.IsEmpty; name = listing.Next())
            RemoveEntry(folder, name, top, pending);
    }

    private static void RemoveEntry(FileDescriptor folder, ReadOnlySpan<byte> name, FileDescriptor top, Queue<byte[]> pending)
    {
        switch (Entries.TryUnlink(folder, name))
        {
            // Renamed or deleted since it was listed, by a monitor that writes its last word perhaps.
            case 0 or Errno.ENOENT:
                return;
            // Linux says EISDIR for a folder, POSIX and some file systems EPERM.
            case Errno.EISDIR or Errno.EPERM:
                break;
            case var errno:
                throw new SyscallException("unlinkat", errno, Entries.Text(name));
        }

        switch (Entries.TryRemoveFolder(folder, name))
        {
            case 0:
                return;
            case Errno.ENOTEMPTY or Errno.EEXIST:
                pending.Enqueue(folder == top ? name.ToArray() : MoveUp(folder, name, top, pending.Count));
                return;
            case var errno:
                throw new SyscallException("unlinkat", errno, Entries.Text(name));
        }
    }

    /// <summary>Moves a folder to the top under a free name, and returns that.</summary>
    private static byte[] MoveUp(FileDescriptor folder, ReadOnlySpan<byte> name, FileDescriptor top, int firstNumber)
    {
        for (var number = firstNumber; ; number++)
        {
            var parked = Files.NullTerminated(string.Create(CultureInfo.InvariantCulture, $".mydocker-removing-{number}"));
            switch (Entries.TryMove(folder, name, top, parked))
            {
                case 0:
                    return parked;
                case Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR:
                    continue;
                case var errno:
                    throw new SyscallException("renameat", errno, Entries.Text(name));
            }
        }
    }

    private static FileDescriptor? TryOpenFolder(FileDescriptor parent, byte[] name)
    {
        if (Entries.TryOpen(parent, name, Files.O_RDONLY | Files.O_DIRECTORY) is { } folder)
            return folder;
        return Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw SyscallException.FromLastError("openat", Entries.Text(name));
    }
}
