using System.Runtime.InteropServices;
using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// JSON files that are always whole: a reader sees the old file or the new one, also after a crash or a power cut.
/// One writer at a time is the caller's business (the container's lock, or being its only monitor).
/// </summary>
internal static class JsonFile
{
    /// <summary>Our files are a few kilobytes; what is larger is not ours.</summary>
    private const int MaximumSize = 4 << 20;

    private const int ReservedSize = 4096;
    private const uint OwnerReadWrite = 0x180;

    /// <summary>Reads one of our files; null when it is not there.</summary>
    /// <exception cref="ContainerException">ContainerStateInvalid, naming the file, when it is not what it should be.</exception>
    public static T? TryRead<T>(string path)
        where T : class, IStoredJson<T> =>
        TryRead(path, StoredJson.Parse<T>);

    /// <summary>Reads a file in a form of its own; null when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parse">Makes the value of the file's bytes; throws <see cref="JsonException"/> when they are not that.</param>
    /// <exception cref="ContainerException">ContainerStateInvalid, naming the file, when it is not what it should be.</exception>
    public static T? TryRead<T>(string path, Func<ReadOnlyMemory<byte>, T?> parse)
        where T : class
    {
        // O_NONBLOCK: a FIFO in the file's place must not make us wait for its writer.
        using var file = Files.TryOpen(path, Files.O_RDONLY | Files.O_NOFOLLOW | Files.O_NONBLOCK);
        if (file is null)
        {
            var failure = SyscallException.FromLastError("open", path);
            return failure.Errno switch
            {
                Errno.ENOENT or Errno.ENOTDIR => null,
                Errno.EACCES or Errno.EPERM => throw StoreAccess.Denied(path, failure),
                _ => throw Broken(path, failure.Message, failure),
            };
        }

        var status = Files.Status(file);
        if (!status.IsRegular || status.Size > MaximumSize)
            throw Broken(path, status.IsRegular ? $"it has {status.Size} bytes" : "it is not a regular file");
        var bytes = new byte[status.Size];
        var length = 0;
        while (length < bytes.Length)
        {
            var count = Files.TryRead(file.Number, bytes.AsSpan(length));
            if (count <= 0)
                break;
            length += (int)count;
        }

        try
        {
            return parse(bytes.AsMemory(0, length)) ?? throw Broken(path, "it says null");
        }
        catch (JsonException exception)
        {
            throw Broken(path, length == 0 ? "it is empty" : exception.Message, exception);
        }
    }

    /// <summary>Replaces a file: temporary file in the same folder, fsync, rename, fsync of the folder.</summary>
    /// <exception cref="ContainerException">StateWriteFailed; the old file is still there, the temporary one is not.</exception>
    public static void Replace<T>(string path, T value)
        where T : IStoredJson<T> =>
        Replace(path, StoredJson.ToBytes(value));

    /// <summary>Replaces a file by bytes; see the other <see cref="Replace{T}"/>.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        ReplaceAllButName(path, bytes);
        FlushName(path);
    }

    /// <summary>
    /// Replaces a file whose name the caller flushes later: its content is on the disk and under its name, but a power cut may bring
    /// the old file back.
    /// </summary>
    public static void ReplaceAllButName(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".tmp";
        try
        {
            // What a killed writer left; we are the only one now.
            Files.Unlink(temporary);
            WriteNew(temporary, bytes);
            Files.Rename(temporary, path);
        }
        catch (SyscallException exception)
        {
            _ = Files.TryUnlink(temporary);
            throw NotWritten(path, exception);
        }
    }

    private static void FlushName(string path)
    {
        try
        {
            Files.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (SyscallException exception)
        {
            throw NotWritten(path, exception);
        }
    }

    /// <summary>
    /// Takes room for a file that is written later: what was promised to be recorded can be recorded then, even if the disk
    /// has filled up meanwhile.
    /// </summary>
    public static Reservation Reserve(string path)
    {
        var temporary = path + ".tmp";
        try
        {
            Files.Unlink(temporary);
            var file = Files.Open(temporary, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL | Files.O_NOFOLLOW, OwnerReadWrite);
            Files.Allocate(file, ReservedSize);
            return new Reservation(Files.Open(Path.GetDirectoryName(path)!, Files.O_RDONLY | Files.O_DIRECTORY), file, Path.GetFileName(path));
        }
        catch (SyscallException exception)
        {
            _ = Files.TryUnlink(temporary);
            throw NotWritten(path, exception);
        }
    }

    /// <summary>Writes a file that must not exist yet, and flushes it.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Files.Open(path, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL | Files.O_NOFOLLOW, OwnerReadWrite);
        Files.Write(file, bytes);
        Files.Flush(file);
    }

    private static ContainerException NotWritten(string path, SyscallException exception) => new(
        ContainerError.StateWriteFailed,
        $"'{path}' could not be written: {Marshal.GetPInvokeErrorMessage(exception.Errno)}. Free space or check the folder's rights, then try again.",
        path,
        exception);

    private static ContainerException Broken(string path, string why, Exception? inner = null) => new(
        ContainerError.ContainerStateInvalid,
        $"'{path}' is broken: {why}. Restore it, or remove the container's folder.",
        path,
        inner);

    /// <summary>Room for a file; see <see cref="Reserve"/>. Finds its folder again wherever that has been moved.</summary>
    internal sealed class Reservation(FileDescriptor folder, FileDescriptor file, string name) : IDisposable
    {
        /// <summary>Writes the file into its room and publishes it under its name.</summary>
        public void Fill<T>(T value)
            where T : IStoredJson<T>
        {
            var bytes = StoredJson.ToBytes(value);
            Files.Write(file, bytes);
            Files.Truncate(file, bytes.Length);
            Files.Flush(file);
            Files.Rename($"{folder.ProcPath}/{name}.tmp", $"{folder.ProcPath}/{name}");
            Files.Flush(folder);
        }

        public void Dispose()
        {
            file.Dispose();
            folder.Dispose();
        }
    }
}
