using System.Runtime.InteropServices;
using System.Text;

namespace MyDocker.Interop;

/// <summary>
/// What is done with one name in an open folder. Names are bytes with a zero at the end, as the kernel has them: a container's need
/// not be UTF-8. None of these calls follows a link that the name may be.
/// </summary>
internal static unsafe partial class Entries
{
    /// <summary>Opens an entry, or returns null and leaves the errno for the caller.</summary>
    public static FileDescriptor? TryOpen(FileDescriptor folder, ReadOnlySpan<byte> name, int flags, uint mode = 0)
    {
        fixed (byte* bytes = name)
        {
            int descriptor;
            do descriptor = OpenAtRaw(folder.Number, bytes, flags | Files.O_NOFOLLOW | Files.O_CLOEXEC, mode);
            while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return descriptor < 0 ? null : new FileDescriptor(descriptor);
        }
    }

    /// <summary>Opens an entry.</summary>
    public static FileDescriptor Open(FileDescriptor folder, ReadOnlySpan<byte> name, int flags, uint mode = 0) =>
        TryOpen(folder, name, flags, mode) ?? throw SyscallException.FromLastError("openat", Text(name));

    /// <summary>Opens a folder for listing by a descriptor that only stands for it (O_PATH).</summary>
    public static FileDescriptor OpenForListing(FileDescriptor folder) => Open(folder, ".\0"u8, Files.O_RDONLY | Files.O_DIRECTORY);

    /// <summary>Creates a folder and says how it went: 0 or the errno. See mkdirat(2).</summary>
    public static int TryMakeFolder(FileDescriptor folder, ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* bytes = name)
            return ErrnoOf(MkdirAtRaw(folder.Number, bytes, mode));
    }

    /// <summary>Creates a symbolic link and says how it went: 0 or the errno. See symlinkat(2).</summary>
    public static int TryMakeLink(ReadOnlySpan<byte> target, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* to = target, bytes = name)
            return ErrnoOf(SymlinkAtRaw(to, folder.Number, bytes));
    }

    /// <summary>Creates a device, fifo or socket and says how it went: 0 or the errno. See mknodat(2).</summary>
    public static int TryMakeNode(FileDescriptor folder, ReadOnlySpan<byte> name, uint mode, ulong device)
    {
        fixed (byte* bytes = name)
            return ErrnoOf(MknodAtRaw(folder.Number, bytes, mode, device));
    }

    /// <summary>Gives a file a further name and says how it went: 0 or the errno. See linkat(2).</summary>
    public static int TryAddName(FileDescriptor fromFolder, ReadOnlySpan<byte> from, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* existing = from, bytes = name)
            return ErrnoOf(LinkAtRaw(fromFolder.Number, existing, folder.Number, bytes, 0));
    }

    /// <summary>Gives an open file that has no name yet its first one; 0 or the errno. See O_TMPFILE in open(2).</summary>
    public static int TryGiveName(FileDescriptor nameless, FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* existing = Files.NullTerminated(nameless.ProcPath), bytes = name)
            return ErrnoOf(LinkAtRaw(Files.AT_FDCWD, existing, folder.Number, bytes, AT_SYMLINK_FOLLOW));
    }

    /// <summary>Renames within a folder, over what is there, and says how it went: 0 or the errno. See renameat(2).</summary>
    public static int TryRename(FileDescriptor folder, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => TryMove(folder, from, folder, to);

    /// <summary>Renames from one folder to another and says how it went: 0 or the errno. See renameat(2).</summary>
    public static int TryMove(FileDescriptor fromFolder, ReadOnlySpan<byte> from, FileDescriptor toFolder, ReadOnlySpan<byte> to)
    {
        fixed (byte* before = from, after = to)
            return ErrnoOf(RenameAtRaw(fromFolder.Number, before, toFolder.Number, after));
    }

    /// <summary>Removes a name that is no folder's and says how it went: 0 or the errno. See unlinkat(2).</summary>
    public static int TryUnlink(FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
            return ErrnoOf(UnlinkAtRaw(folder.Number, bytes, 0));
    }

    /// <summary>Removes an empty folder and says how it went: 0 or the errno. See unlinkat(2).</summary>
    public static int TryRemoveFolder(FileDescriptor folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* bytes = name)
            return ErrnoOf(UnlinkAtRaw(folder.Number, bytes, AT_REMOVEDIR));
    }

    /// <summary>Where a symbolic link, opened with O_PATH, leads to, with a zero at the end; see readlinkat(2).</summary>
    public static byte[] ReadLink(FileDescriptor link)
    {
        const int PathMaximum = 4096;
        var buffer = new byte[PathMaximum];
        fixed (byte* start = buffer, nothing = "\0"u8)
        {
            var length = ReadLinkAtRaw(link.Number, nothing, start, PathMaximum - 1);
            return length >= 0 ? buffer[..((int)length + 1)] : throw SyscallException.FromLastError("readlinkat");
        }
    }

    /// <summary>A name for people: what is not UTF-8 in it becomes U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name[..^1]);

    private const int AT_REMOVEDIR = 0x200;
    private const int AT_SYMLINK_FOLLOW = 0x400;

    private static int ErrnoOf(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtRaw(int folder, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MkdirAtRaw(int folder, byte* name, uint mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymlinkAtRaw(byte* target, int folder, byte* name);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    private static partial int MknodAtRaw(int folder, byte* name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAtRaw(int fromFolder, byte* from, int toFolder, byte* to, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAtRaw(int fromFolder, byte* from, int toFolder, byte* to);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAtRaw(int folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAtRaw(int folder, byte* name, byte* buffer, nuint size);
}
