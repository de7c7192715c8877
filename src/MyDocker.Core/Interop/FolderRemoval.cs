using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// Deletes a folder and all below it, whatever a container has put there: names that are not UTF-8, which .NET can't
/// spell; links, which are never followed; and nesting so deep that paths, recursion or open descriptors would give out.
/// </summary>
internal static unsafe partial class FolderRemoval
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
            fixed (byte* bytes = name)
            {
                // Listed twice when it was moved up while the top was being read; gone the second time.
                using var folder = TryOpenFolder(top, bytes);
                if (folder is null)
                    continue;
                Empty(folder, top, pending);
                if (UnlinkAtRaw(top.Number, bytes, AT_REMOVEDIR) != 0)
                    throw SyscallException.FromLastError("unlinkat", Marshal.PtrToStringUTF8((nint)bytes));
            }
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
        var buffer = new byte[32 * 1024];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var length = Files.Syscall(SyscallNumbers.GetDirectoryEntries, folder.Number, (nint)start, buffer.Length);
                if (length < 0)
                    throw SyscallException.FromLastError("getdents64");
                if (length == 0)
                    return;
                // struct linux_dirent64: inode (8), offset (8), length of the entry (2), type (1), the name with its zero byte.
                for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16)))
                    RemoveEntry(folder, start + at + 19, top, pending);
            }
        }
    }

    private static void RemoveEntry(FileDescriptor folder, byte* name, FileDescriptor top, Queue<byte[]> pending)
    {
        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        if (text.SequenceEqual("."u8) || text.SequenceEqual(".."u8) || UnlinkAtRaw(folder.Number, name, 0) == 0)
            return;
        // Renamed or deleted since it was listed, by a monitor that writes its last word perhaps.
        if (Marshal.GetLastPInvokeError() == Errno.ENOENT)
            return;
        // Linux says EISDIR for a folder, POSIX and some file systems EPERM.
        if (Marshal.GetLastPInvokeError() is not (EISDIR or Errno.EPERM))
            throw SyscallException.FromLastError("unlinkat", Marshal.PtrToStringUTF8((nint)name));
        if (UnlinkAtRaw(folder.Number, name, AT_REMOVEDIR) == 0)
            return;
        if (Marshal.GetLastPInvokeError() is not (Errno.ENOTEMPTY or Errno.EEXIST))
            throw SyscallException.FromLastError("unlinkat", Marshal.PtrToStringUTF8((nint)name));
        pending.Enqueue(folder == top ? [.. text, 0] : MoveUp(folder, name, top, pending.Count));
    }

    /// <summary>Moves a folder to the top under a free name, and returns that.</summary>
    private static byte[] MoveUp(FileDescriptor folder, byte* name, FileDescriptor top, int firstNumber)
    {
        for (var number = firstNumber; ; number++)
        {
            var parked = Files.NullTerminated(string.Create(CultureInfo.InvariantCulture, $".mydocker-removing-{number}"));
            fixed (byte* bytes = parked)
            {
                if (RenameAtRaw(folder.Number, name, top.Number, bytes) == 0)
                    return parked;
            }

            if (Marshal.GetLastPInvokeError() is not (Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR))
                throw SyscallException.FromLastError("renameat", Marshal.PtrToStringUTF8((nint)name));
        }
    }

    private const int AT_REMOVEDIR = 0x200;
    private const int EISDIR = 21;

    private static FileDescriptor? TryOpenFolder(FileDescriptor parent, byte* name)
    {
        var descriptor = OpenAtRaw(parent.Number, name, Files.O_RDONLY | Files.O_DIRECTORY | Files.O_NOFOLLOW | Files.O_CLOEXEC, 0);
        if (descriptor >= 0)
            return new FileDescriptor(descriptor);
        return Marshal.GetLastPInvokeError() == Errno.ENOENT
            ? null
            : throw SyscallException.FromLastError("openat", Marshal.PtrToStringUTF8((nint)name));
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtRaw(int folder, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAtRaw(int folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAtRaw(int fromFolder, byte* from, int toFolder, byte* to);
}
