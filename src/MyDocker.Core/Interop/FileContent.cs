using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>Reading and writing at a place of one's own, and finding the holes of sparse files: pread(2), pwrite(2), lseek(2), copy_file_range(2).</summary>
internal static unsafe partial class FileContent
{
    /// <summary>One pread(2); 0 at the end.</summary>
    public static int ReadAt(FileDescriptor file, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            do count = PreadRaw(file.Number, start, (nuint)buffer.Length, offset);
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return count >= 0 ? (int)count : throw SyscallException.FromLastError("pread");
        }
    }

    /// <summary>Writes everything at an offset; see pwrite(2).</summary>
    public static void WriteAt(FileDescriptor file, ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                nint count;
                do count = PwriteRaw(file.Number, start, (nuint)bytes.Length, offset);
                while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
                if (count < 0)
                    throw SyscallException.FromLastError("pwrite");
                bytes = bytes[(int)count..];
                offset += count;
            }
        }
    }

    /// <summary>Where the next data begin and end; null when only a hole is left. See SEEK_DATA in lseek(2).</summary>
    /// <returns>All the rest, where the file system does not say.</returns>
    public static (long From, long To)? NextData(FileDescriptor file, long offset, long end)
    {
        var from = LseekRaw(file.Number, offset, SEEK_DATA);
        if (from < 0)
            return Marshal.GetLastPInvokeError() == Errno.ENXIO ? null : (offset, end);
        if (from >= end)
            return null;
        var to = LseekRaw(file.Number, from, SEEK_HOLE);
        return (from, to < 0 ? end : Math.Min(to, end));
    }

    /// <summary>Has the kernel copy between two files, at the same offset in both; see copy_file_range(2).</summary>
    /// <returns>How many bytes, 0 at the end, or -1 where these two file systems can't do that.</returns>
    public static long TryCopyRange(FileDescriptor from, FileDescriptor to, long offset, long length)
    {
        long source = offset, target = offset;
        nint count;
        do count = CopyFileRangeRaw(from.Number, &source, to.Number, &target, (nuint)length, 0);
        while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        if (count >= 0)
            return count;
        return Marshal.GetLastPInvokeError() is Errno.EXDEV or Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EPERM or Errno.EIO
            ? -1
            : throw SyscallException.FromLastError("copy_file_range");
    }

    private const int SEEK_DATA = 3;
    private const int SEEK_HOLE = 4;

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PreadRaw(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint PwriteRaw(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long LseekRaw(int descriptor, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRangeRaw(int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);
}
