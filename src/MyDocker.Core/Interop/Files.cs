using System.Runtime.InteropServices;
using System.Text;

namespace MyDocker.Interop;

/// <summary>open(2), openat2(2), fsync(2), flock(2), rename(2) and the rest of the file calls that .NET does not offer.</summary>
internal static unsafe partial class Files
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_NO_SYMLINKS = 0x04;
    public const ulong RESOLVE_BENEATH = 0x08;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    public const int AT_FDCWD = -100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int LOCK_UN = 8;

    public const uint S_IFMT = 0xF000;
    public const uint S_IFREG = 0x8000;
    public const uint S_IFDIR = 0x4000;
    public const uint S_IFCHR = 0x2000;
    public const uint S_IFBLK = 0x6000;
    public const uint S_IFIFO = 0x1000;
    public const uint S_IFLNK = 0xA000;
    public const uint S_IFSOCK = 0xC000;

    // The value differs between architectures: asm-generic has what arm64 uses turned around.
    public static int O_DIRECTORY { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    public static int O_TMPFILE { get; } = 0x400000 | O_DIRECTORY;

    public static int O_NOFOLLOW { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens a file; always close-on-exec.</summary>
    public static FileDescriptor Open(string path, int flags, uint mode = 0) =>
        TryOpen(path, flags, mode) ?? throw SyscallException.FromLastError("open", path);

    /// <summary>Opens a file, or returns null and leaves the errno for the caller.</summary>
    public static FileDescriptor? TryOpen(string path, int flags, uint mode = 0)
    {
        int descriptor;
        do descriptor = OpenRaw(path, flags | O_CLOEXEC, mode);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return descriptor < 0 ? null : new FileDescriptor(descriptor);
    }

    /// <summary>
    /// Opens <paramref name="path"/> as if <paramref name="root"/> were the root of the file system: no link, however it
    /// is swapped meanwhile, leads outside. See openat2(2).
    /// </summary>
    public static FileDescriptor OpenInRoot(FileDescriptor root, string path, int flags, uint mode = 0, ulong resolve = RESOLVE_IN_ROOT) =>
        TryOpenInRoot(root, path, flags, mode, resolve) ?? throw SyscallException.FromLastError("openat2", path);

    /// <summary><see cref="OpenInRoot"/> that returns null and leaves the errno for the caller.</summary>
    public static FileDescriptor? TryOpenInRoot(FileDescriptor root, string path, int flags, uint mode = 0, ulong resolve = RESOLVE_IN_ROOT) =>
        TryOpenInRoot(root, NullTerminated(path), flags, mode, resolve);

    /// <summary>The same for a path that need not be UTF-8; it ends with a zero byte.</summary>
    public static FileDescriptor? TryOpenInRoot(FileDescriptor root, ReadOnlySpan<byte> path, int flags, uint mode = 0, ulong resolve = RESOLVE_IN_ROOT)
    {
        var how = new OpenHow { Flags = (ulong)(flags | O_CLOEXEC), Mode = mode, Resolve = resolve | RESOLVE_NO_MAGICLINKS };
        fixed (byte* bytes = path)
        {
            nint descriptor;
            var races = 0;
            do
            {
                // EAGAIN: a rename elsewhere raced with the walk, and the kernel could not prove it stayed inside. Renames without
                // end, by a container that wants us to stay here, end in that error.
                descriptor = Syscall(SyscallNumbers.OpenAt2, root.Number, (nint)bytes, (nint)(&how), sizeof(OpenHow));
            }
            while (descriptor < 0 && (Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR) && ++races < MaximumRaces);
            return descriptor < 0 ? null : new FileDescriptor((int)descriptor);
        }
    }

    /// <summary>What the kernel knows of an open file, without its content; see statx(2).</summary>
    public static FileStatus Status(FileDescriptor file)
    {
        // struct statx has one layout everywhere; struct stat has not.
        Statx buffer;
        if (StatxRaw(file.Number, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &buffer) != 0)
            throw SyscallException.FromLastError("statx", file.ProcPath);
        return new FileStatus(buffer.Mode, buffer.RdevMajor, buffer.RdevMinor, (long)buffer.Size)
        {
            Owner = buffer.Uid,
            Group = buffer.Gid,
            Links = buffer.Nlink,
            Identity = new FileIdentity(buffer.DevMajor, buffer.DevMinor, buffer.Ino),
            Accessed = new FileTime(buffer.AccessSeconds, buffer.AccessNanoseconds),
            Modified = new FileTime(buffer.ModifySeconds, buffer.ModifyNanoseconds),
            Born = new FileTime(buffer.BirthSeconds, buffer.BirthNanoseconds),
            Changed = new FileTime(buffer.ChangeSeconds, buffer.ChangeNanoseconds),
        };
    }

    /// <summary>Creates a folder below an open one; one that is there already is fine.</summary>
    public static void MakeFolderAt(FileDescriptor parent, string name, uint mode)
    {
        if (MkdirAtRaw(parent.Number, name, mode) != 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw SyscallException.FromLastError("mkdirat", name);
    }

    /// <summary>Creates a symbolic link below an open folder; one that is there already is fine.</summary>
    public static void MakeLinkAt(string target, FileDescriptor parent, string name)
    {
        if (SymlinkAtRaw(target, parent.Number, name) != 0 && Marshal.GetLastPInvokeError() != Errno.EEXIST)
            throw SyscallException.FromLastError("symlinkat", name);
    }

    /// <summary>Creates a character device below an open folder; see mknodat(2).</summary>
    public static void MakeDeviceAt(FileDescriptor parent, string name, uint permissions, uint major, uint minor)
    {
        if (MknodAtRaw(parent.Number, name, S_IFCHR | permissions, DeviceNumber(major, minor)) != 0)
            throw SyscallException.FromLastError("mknodat", name);
    }

    /// <summary>Writes everything; see write(2).</summary>
    public static void Write(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = TryWrite(file.Number, bytes);
            if (written < 0)
                throw SyscallException.FromLastError("write", file.ProcPath);
            bytes = bytes[(int)written..];
        }
    }

    /// <summary>One write(2), repeated only when a signal interrupts it; negative on error.</summary>
    public static nint TryWrite(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written;
            do written = WriteRaw(descriptor, start, (nuint)bytes.Length);
            while (written < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return written;
        }
    }

    /// <summary>One read(2), repeated only when a signal interrupts it; 0 at the end, negative on error.</summary>
    public static nint TryRead(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do count = ReadRaw(descriptor, start, (nuint)buffer.Length);
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return count;
        }
    }

    /// <summary>Reads from a place in a file, and leaves its own position alone; 0 at the end. See pread(2).</summary>
    public static int ReadAt(FileDescriptor file, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do count = PreadRaw(file.Number, start, (nuint)buffer.Length, offset);
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return count >= 0 ? (int)count : throw SyscallException.FromLastError("pread", file.ProcPath);
        }
    }

    /// <summary>Writes a short text to a file of /proc or /sys with one write(2), which is what such files ask for.</summary>
    public static void WriteControl(string path, string text)
    {
        using var file = Open(path, O_WRONLY);
        if (TryWrite(file.Number, Encoding.UTF8.GetBytes(text)) < 0)
            throw SyscallException.FromLastError("write", path);
    }

    /// <summary>Flushes a file or folder to the disk; see fsync(2).</summary>
    public static void Flush(FileDescriptor file)
    {
        if (FsyncRaw(file.Number) != 0)
            throw SyscallException.FromLastError("fsync", file.ProcPath);
    }

    /// <summary>Takes room on the disk for an open file; see posix_fallocate(3).</summary>
    public static void Allocate(FileDescriptor file, long size)
    {
        // Returns the error instead of setting errno.
        if (PosixFallocateRaw(file.Number, 0, size) is var errno and not 0)
            throw new SyscallException("posix_fallocate", errno, file.ProcPath);
    }

    /// <summary>Sets a file's length; see ftruncate(2).</summary>
    public static void Truncate(FileDescriptor file, long size)
    {
        if (FtruncateRaw(file.Number, size) != 0)
            throw SyscallException.FromLastError("ftruncate", file.ProcPath);
    }

    /// <summary>Gives an open file to a user and a group, and says how it went: 0 or the errno.</summary>
    public static int TryChangeOwner(FileDescriptor file, uint user, uint group) =>
        FchownRaw(file.Number, user, group) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Whether this process may execute a file, by its effective rights: 0 or the errno. See faccessat(2).</summary>
    public static int TryExecuteAccess(string path) =>
        FaccessAtRaw(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Flushes a folder, which makes the names in it durable.</summary>
    public static void FlushFolder(string path)
    {
        using var folder = Open(path, O_RDONLY | O_DIRECTORY);
        Flush(folder);
    }

    /// <summary>Renames a file over another, or a folder to a free name; see rename(2).</summary>
    public static void Rename(string from, string to)
    {
        if (RenameRaw(from, to) != 0)
            throw SyscallException.FromLastError("rename", $"{from} to {to}");
    }

    /// <summary>Removes a file if it is there; see unlink(2).</summary>
    public static void Unlink(string path)
    {
        if (TryUnlink(path) is not (0 or Errno.ENOENT) and var errno)
            throw new SyscallException("unlink", errno, path);
    }

    /// <summary>Removes a file and says how it went: 0 or the errno; see unlink(2).</summary>
    public static int TryUnlink(string path) => UnlinkRaw(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Removes an empty folder and says how it went: 0 or the errno; see rmdir(2).</summary>
    public static int TryRemoveFolder(string path) => RmdirRaw(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Takes an exclusive lock without waiting; false when another holds it. See flock(2).</summary>
    public static bool TryLock(FileDescriptor file)
    {
        if (FlockRaw(file.Number, LOCK_EX | LOCK_NB) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR
            ? false
            : throw SyscallException.FromLastError("flock", file.ProcPath);
    }

    /// <summary>Gives a lock back, whoever else shares the open file.</summary>
    public static void Unlock(FileDescriptor file) => _ = FlockRaw(file.Number, LOCK_UN);

    /// <summary>A path as the kernel wants it: UTF-8 and a zero byte.</summary>
    public static byte[] NullTerminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>A device number as mknod(2) takes it; see makedev(3).</summary>
    public static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000u) << 32) | ((ulong)(major & 0xFFFu) << 8) | ((ulong)(minor & 0xFFFFFF00u) << 12) | (minor & 0xFFu);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int CloseRaw(int descriptor);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0);

    private const int AT_EACCESS = 0x200;
    private const int X_OK = 1;
    private const int MaximumRaces = 10_000;
    private const uint STATX_BASIC_STATS = 0x7FF;
    private const uint STATX_BTIME = 0x800;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenRaw(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxRaw(int folder, string path, int flags, uint mask, Statx* buffer);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkdirAtRaw(int folder, string name, uint mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SymlinkAtRaw(string target, int folder, string name);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MknodAtRaw(int folder, string name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteRaw(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadRaw(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PreadRaw(int descriptor, byte* bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncRaw(int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFallocateRaw(int descriptor, long offset, long length);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FtruncateRaw(int descriptor, long length);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FchownRaw(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FaccessAtRaw(int folder, string path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameRaw(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkRaw(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmdirRaw(string path);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FlockRaw(int descriptor, int operation);

    /// <summary>struct open_how of openat2(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>struct statx of statx(2), as far as we read it; 256 bytes in all.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Statx
    {
        [FieldOffset(16)]
        public uint Nlink;

        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(24)]
        public uint Gid;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Ino;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(64)]
        public long AccessSeconds;

        [FieldOffset(72)]
        public uint AccessNanoseconds;

        [FieldOffset(80)]
        public long BirthSeconds;

        [FieldOffset(88)]
        public uint BirthNanoseconds;

        [FieldOffset(96)]
        public long ChangeSeconds;

        [FieldOffset(104)]
        public uint ChangeNanoseconds;

        [FieldOffset(112)]
        public long ModifySeconds;

        [FieldOffset(120)]
        public uint ModifyNanoseconds;

        [FieldOffset(128)]
        public uint RdevMajor;

        [FieldOffset(132)]
        public uint RdevMinor;

        [FieldOffset(136)]
        public uint DevMajor;

        [FieldOffset(140)]
        public uint DevMinor;
    }
}
