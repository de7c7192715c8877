using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// Owner, mode, times and extended attributes of anything that is open, with O_PATH too, and of a symbolic link itself. What was opened
/// with O_PATH is no descriptor to some calls (EBADF). It is reached by /proc/self/fd/N then, which leads to the very file that is open,
/// whatever its name stands for by now.
/// </summary>
internal static unsafe partial class ItemAttributes
{
    /// <summary>The longest list of names, and the longest value, that the kernel has; see xattr(7).</summary>
    public const int MaximumSize = 64 * 1024;

    /// <summary>Gives it to a user and a group; false where the file system knows no owners, or none but its own. See fchownat(2).</summary>
    public static bool TrySetOwner(FileDescriptor item, uint user, uint group)
    {
        fixed (byte* nothing = "\0"u8)
        {
            if (FchownAtRaw(item.Number, nothing, user, group, Files.AT_EMPTY_PATH) == 0)
                return true;
            return Marshal.GetLastPInvokeError() is Errno.EPERM or Errno.EINVAL or Errno.EOPNOTSUPP ? false : throw SyscallException.FromLastError("fchownat");
        }
    }

    /// <summary>Sets its permissions; a symbolic link has none. See chmod(2).</summary>
    public static void SetPermissions(FileDescriptor item, uint permissions)
    {
        if (FchmodRaw(item.Number, permissions) == 0 || (IsPathOnly() && ChmodRaw(item.ProcPath, permissions) == 0))
            return;
        throw SyscallException.FromLastError("chmod");
    }

    /// <summary>Sets when it was last read and written; see utimensat(2).</summary>
    public static void SetTimes(FileDescriptor item, FileTime accessed, FileTime modified)
    {
        var times = stackalloc FileTime[2] { accessed, modified };
        fixed (byte* nothing = "\0"u8)
        {
            if (UtimensAtRaw(item.Number, nothing, times, Files.AT_EMPTY_PATH) != 0)
                throw SyscallException.FromLastError("utimensat");
        }
    }

    /// <summary>The names of its extended attributes, each with a zero at the end; see listxattr(2).</summary>
    /// <returns>How many bytes they take; 0 where the file system has none.</returns>
    public static int ListExtended(FileDescriptor item, Span<byte> names)
    {
        fixed (byte* start = names)
        {
            var length = FlistXattrRaw(item.Number, start, (nuint)names.Length);
            if (length < 0 && IsPathOnly())
                length = ListXattrRaw(item.ProcPath, start, (nuint)names.Length);
            if (length >= 0)
                return (int)length;
            return Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP ? 0 : throw SyscallException.FromLastError("listxattr");
        }
    }

    /// <summary>Reads an extended attribute; -1 when there is none of that name. See getxattr(2).</summary>
    public static int TryGetExtended(FileDescriptor item, ReadOnlySpan<byte> name, Span<byte> value)
    {
        fixed (byte* start = value, bytes = name)
        {
            var length = GetXattrRaw(item.ProcPath, bytes, start, (nuint)value.Length);
            if (length >= 0)
                return (int)length;
            return Marshal.GetLastPInvokeError() is Errno.ENODATA or Errno.EOPNOTSUPP ? -1 : throw SyscallException.FromLastError("getxattr", Entries.Text(name));
        }
    }

    /// <summary>Sets an extended attribute; false where the file system has none of that kind. See setxattr(2).</summary>
    public static bool TrySetExtended(FileDescriptor item, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value, bytes = name)
        {
            if (SetXattrRaw(item.ProcPath, bytes, start, (nuint)value.Length, 0) == 0)
                return true;
            return Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP ? false : throw SyscallException.FromLastError("setxattr", Entries.Text(name));
        }
    }

    private static bool IsPathOnly() => Marshal.GetLastPInvokeError() == Errno.EBADF;

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int FchownAtRaw(int folder, byte* name, uint user, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FchmodRaw(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChmodRaw(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int UtimensAtRaw(int folder, byte* name, FileTime* times, int flags);

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    private static partial nint FlistXattrRaw(int descriptor, byte* names, nuint size);

    [LibraryImport("libc", EntryPoint = "listxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ListXattrRaw(string path, byte* names, nuint size);

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetXattrRaw(string path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetXattrRaw(string path, byte* name, byte* value, nuint size, int flags);
}
