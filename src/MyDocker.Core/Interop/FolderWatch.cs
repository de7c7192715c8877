using System.Runtime.InteropServices;
using System.Text;

namespace MyDocker.Interop;

/// <summary>
/// Tells which names come and go in any number of folders; see inotify(7). A folder is watched as such, not as a path: also when it
/// has been moved elsewhere.
/// </summary>
internal sealed partial class FolderWatch : IDisposable
{
    public const uint IN_MOVED_FROM = 0x40;
    public const uint IN_MOVED_TO = 0x80;
    public const uint IN_DELETE = 0x200;
    public const uint IN_Q_OVERFLOW = 0x4000;
    public const uint IN_IGNORED = 0x8000;

    private const uint IN_ONLYDIR = 0x1000000;
    private const int HeaderSize = 16;

    private readonly FileDescriptor watch = Polling.CreateFolderWatch();
    private readonly byte[] buffer = new byte[16 * 1024];

    /// <summary>To be polled: readable when there are changes.</summary>
    public int Number => watch.Number;

    /// <summary>Adds a folder: what is moved into it, out of it, or deleted in it.</summary>
    /// <returns>The number that stands for the folder; the same one when it is added again.</returns>
    public int Add(FileDescriptor folder)
    {
        var number = InotifyAddWatchRaw(watch.Number, folder.ProcPath, IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
        return number >= 0 ? number : throw SyscallException.FromLastError("inotify_add_watch", folder.ProcPath);
    }

    /// <summary>Takes a folder out again; one that was deleted is out already.</summary>
    public void Remove(int number) => Polling.RemoveFromFolderWatch(watch, number);

    /// <summary>What has changed since the last call, in the order in which it did.</summary>
    public List<FolderChange> Read()
    {
        var changes = new List<FolderChange>();
        nint length;
        while ((length = Files.TryRead(watch.Number, buffer)) > 0)
        {
            // struct inotify_event: watch (4), mask (4), cookie (4), length of the name (4), the name and zero bytes.
            for (var at = 0; at < length;)
            {
                var nameLength = BitConverter.ToInt32(buffer, at + 12);
                changes.Add(new FolderChange(
                    BitConverter.ToInt32(buffer, at),
                    BitConverter.ToUInt32(buffer, at + 4),
                    Encoding.UTF8.GetString(buffer, at + HeaderSize, nameLength).TrimEnd('\0')));
                at += HeaderSize + nameLength;
            }
        }

        return changes;
    }

    public void Dispose() => watch.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InotifyAddWatchRaw(int descriptor, string path, uint mask);
}

/// <summary>One change in a watched folder.</summary>
/// <param name="Folder">The number that stands for the folder; -1 when too much happened to list it (IN_Q_OVERFLOW).</param>
/// <param name="Mask">What happened.</param>
/// <param name="Name">To which name in it.</param>
internal readonly record struct FolderChange(int Folder, uint Mask, string Name);
