using System.Security.Cryptography;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// What is being made in a folder and not under its final name yet: nobody sees half of it, and what stood there before stays until
/// then. Removed when it is disposed of without having got its name.
/// </summary>
internal sealed class UnfinishedEntry : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600

    private readonly FileDescriptor folder;
    private byte[]? temporaryName;

    private UnfinishedEntry(FileDescriptor folder, FileDescriptor item, byte[]? temporaryName)
    {
        this.folder = folder;
        this.temporaryName = temporaryName;
        Item = item;
    }

    /// <summary>The thing itself, open; for a file, for writing.</summary>
    public FileDescriptor Item { get; }

    /// <summary>Makes an empty file: without a name where the file system can do that, so that even SIGKILL leaves nothing behind.</summary>
    public static UnfinishedEntry MakeFile(FileDescriptor folder)
    {
        if (Entries.TryOpen(folder, ".\0"u8, Files.O_TMPFILE | Files.O_WRONLY, OwnerOnly) is { } nameless)
            return new UnfinishedEntry(folder, nameless, null);
        // EOPNOTSUPP or EISDIR: an older overlay, or a network file system. Anything else comes again with the name.
        var name = NewName();
        var named = Entries.TryOpen(folder, name, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, OwnerOnly);
        return new UnfinishedEntry(folder, named ?? throw SyscallException.FromLastError("openat"), name);
    }

    /// <summary>Makes a symbolic link.</summary>
    public static UnfinishedEntry MakeLink(FileDescriptor folder, byte[] target) =>
        Make(folder, "symlinkat", name => Entries.TryMakeLink(target, folder, name), made => made.IsLink);

    /// <summary>Makes a device, fifo or socket, which nobody may use yet.</summary>
    public static UnfinishedEntry MakeNode(FileDescriptor folder, FileStatus like) => Make(
        folder,
        "mknodat",
        name => Entries.TryMakeNode(folder, name, like.Type, Files.DeviceNumber(like.Major, like.Minor)),
        made => (made.Type, made.Major, made.Minor) == (like.Type, like.Major, like.Minor));

    /// <summary>Gives it the final name, in the place of what has it now; 0 or the errno.</summary>
    public int TryPublish(byte[] name)
    {
        if (temporaryName is null)
        {
            if (Entries.TryGiveName(Item, folder, name) is var errno and not Errno.EEXIST)
                return errno;
            var between = NewName();
            if (Entries.TryGiveName(Item, folder, between) is var failure and not 0)
                return failure;
            temporaryName = between;
        }

        return Entries.TryRename(folder, temporaryName, name);
    }

    public void Dispose()
    {
        Item.Dispose();
        if (temporaryName is not null)
            _ = Entries.TryUnlink(folder, temporaryName);
    }

    private static UnfinishedEntry Make(FileDescriptor folder, string call, Func<byte[], int> make, Func<FileStatus, bool> isOurs)
    {
        var name = NewName();
        if (make(name) is var errno and not 0)
            throw new SyscallException(call, errno);
        var item = Entries.TryOpen(folder, name, Files.O_PATH);
        if (item is not null && isOurs(Files.Status(item)))
            return new UnfinishedEntry(folder, item, name);
        item?.Dispose();
        throw new IOException("something else was put in its place while it was being made.");
    }

    private static byte[] NewName() => Files.NullTerminated($".mydocker-copy-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
}
