using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>mount(2), umount2(2), pivot_root(2), unshare(2) and statfs(2).</summary>
internal static unsafe partial class Mounting
{
    public const ulong MS_RDONLY = 0x1;
    public const ulong MS_NOSUID = 0x2;
    public const ulong MS_NODEV = 0x4;
    public const ulong MS_NOEXEC = 0x8;
    public const ulong MS_SYNCHRONOUS = 0x10;
    public const ulong MS_REMOUNT = 0x20;
    public const ulong MS_NOATIME = 0x400;
    public const ulong MS_NODIRATIME = 0x800;
    public const ulong MS_BIND = 0x1000;
    public const ulong MS_REC = 0x4000;
    public const ulong MS_UNBINDABLE = 0x20000;
    public const ulong MS_PRIVATE = 0x40000;
    public const ulong MS_SLAVE = 0x80000;
    public const ulong MS_SHARED = 0x100000;
    public const ulong MS_RELATIME = 0x200000;
    public const ulong MS_STRICTATIME = 0x1000000;

    public const long PROC_SUPER_MAGIC = 0x9FA0;

    /// <summary>Mounts, binds, remounts or changes propagation, as the flags say.</summary>
    public static void Mount(string? source, string target, string? type, ulong flags, string? data = null, string? subject = null)
    {
        if (TryMount(source, target, type, flags, data) is var errno and not 0)
            throw new SyscallException("mount", errno, subject ?? target);
    }

    /// <summary>Mounts and says how it went: 0 or the errno.</summary>
    public static int TryMount(string? source, string target, string? type, ulong flags, string? data = null) =>
        MountRaw(source, target, type, flags, data) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Detaches a mount at once and frees it when the last user is gone (MNT_DETACH).</summary>
    public static void Detach(string target)
    {
        if (UmountRaw(target, MNT_DETACH) != 0)
            throw SyscallException.FromLastError("umount2", target);
    }

    /// <summary>
    /// Makes the current folder the root and stacks the old root on top of it, which the caller then detaches:
    /// pivot_root(".", "."), see "pivot_root(2)", Notes.
    /// </summary>
    public static void PivotIntoCurrentFolder()
    {
        fixed (byte* dot = "."u8)
        {
            if (Files.Syscall(SyscallNumbers.PivotRoot, (nint)dot, (nint)dot) != 0)
                throw SyscallException.FromLastError("pivot_root");
        }
    }

    /// <summary>Moves the calling thread into new namespaces; see unshare(2).</summary>
    public static void Unshare(ulong namespaces)
    {
        if (UnshareRaw((int)namespaces) != 0)
            throw SyscallException.FromLastError("unshare");
    }

    /// <summary>The type of the file system an open file lives on; see statfs(2).</summary>
    public static long FileSystemType(FileDescriptor file)
    {
        var buffer = stackalloc long[16];
        if (FstatfsRaw(file.Number, buffer) != 0)
            throw SyscallException.FromLastError("fstatfs", file.ProcPath);
        return buffer[0];
    }

    /// <summary>Changes the current folder to an open one.</summary>
    public static void ChangeFolder(FileDescriptor folder)
    {
        if (FchdirRaw(folder.Number) != 0)
            throw SyscallException.FromLastError("fchdir", folder.ProcPath);
    }

    /// <summary>Changes the current folder and says how it went: 0 or the errno.</summary>
    public static int TryChangeFolder(string path) => ChdirRaw(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes a mount and all below it read-only; see mount_setattr(2), Linux 5.12.</summary>
    public static void MakeReadOnlyRecursively(FileDescriptor mounted)
    {
        var attributes = new MountAttributes { Set = MOUNT_ATTR_RDONLY };
        fixed (byte* nothing = "\0"u8)
        {
            if (Files.Syscall(SyscallNumbers.MountSetAttr, mounted.Number, (nint)nothing, AT_EMPTY_PATH | AT_RECURSIVE, (nint)(&attributes), sizeof(MountAttributes)) != 0)
                throw SyscallException.FromLastError("mount_setattr", mounted.ProcPath);
        }
    }

    /// <summary>Whether the current folder can be reached from the root; getcwd(3) says ENOENT when it can't.</summary>
    public static bool IsCurrentFolderInsideRoot()
    {
        const int PathMaximum = 4096;
        var buffer = stackalloc byte[PathMaximum];
        return GetCwdRaw(buffer, PathMaximum) is not null && *buffer == (byte)'/';
    }

    private const int MNT_DETACH = 2;
    private const nint AT_EMPTY_PATH = 0x1000;
    private const nint AT_RECURSIVE = 0x8000;
    private const ulong MOUNT_ATTR_RDONLY = 1;

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountRaw(string? source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UmountRaw(string target, int flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int UnshareRaw(int flags);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FstatfsRaw(int descriptor, long* buffer);

    [LibraryImport("libc", EntryPoint = "fchdir", SetLastError = true)]
    private static partial int FchdirRaw(int descriptor);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChdirRaw(string path);

    [LibraryImport("libc", EntryPoint = "getcwd", SetLastError = true)]
    private static partial byte* GetCwdRaw(byte* buffer, nuint size);

    /// <summary>struct mount_attr of mount_setattr(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MountAttributes
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }
}
