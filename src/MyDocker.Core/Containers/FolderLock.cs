using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// An exclusive flock(2) on a folder. The kernel frees it when the holder ends, however it ends; there is no lock file to
/// leave behind; and it stays with the folder when that is renamed.
/// </summary>
internal static class FolderLock
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock, waiting for others. Locks are held for moments only, never while a process is waited for.</summary>
    /// <returns>Held until disposed of.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder is not there, or no longer.</exception>
    public static Held Acquire(string folder, CancellationToken cancellation = default)
    {
        var pause = TimeSpan.FromMilliseconds(0.2);
        while (true)
        {
            if (TryAcquire(folder) is { } held)
                return held;

            // flock(2) can't be waited for together with Ctrl-C, so we ask again: soon, then a little later.
            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Takes the lock if it is free, or returns null.</summary>
    public static Held? TryAcquire(string folder)
    {
        var opened = Files.TryOpen(folder, Files.O_RDONLY | Files.O_DIRECTORY);
        if (opened is null)
        {
            var failure = SyscallException.FromLastError("open", folder);
            throw failure.Errno switch
            {
                Errno.EACCES or Errno.EPERM => StoreAccess.Denied(folder, failure),
                Errno.ENOENT or Errno.ENOTDIR => new DirectoryNotFoundException(failure.Message, failure),
                _ => failure,
            };
        }

        if (!Files.TryLock(opened))
        {
            opened.Dispose();
            return null;
        }

        // Renamed away while we waited: what we have locked is no longer what the path names.
        if (Directory.Exists(folder))
            return new Held(opened);
        opened.Dispose();
        throw new DirectoryNotFoundException($"'{folder}' was removed meanwhile.");
    }

    /// <summary>
    /// A lock belongs to the open file, and a process that is just being started shares that until it executes: closing
    /// our descriptor alone would leave the folder locked for so long.
    /// </summary>
    internal sealed class Held(FileDescriptor folder) : IDisposable
    {
        /// <summary>The locked folder; whoever else gets this descriptor has the lock until it closes it, or we give it back.</summary>
        public FileDescriptor Folder => folder;

        public void Dispose()
        {
            // Once only: its number may be another file's by now.
            if (folder.IsClosed)
                return;
            Files.Unlock(folder);
            folder.Dispose();
        }
    }
}
