using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Logs;

/// <summary>
/// The files of one container's log, the oldest first, held open from the moment they are seen: what is rotated away or removed while
/// we read is still read. Its folder is held open too, so the log is found wherever the container goes.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    /// <summary>How many files a slow reader keeps from being freed; more than that, and it loses the oldest of them.</summary>
    private const int MostHeld = 32;

    private readonly List<LogSegment> segments = [];
    private readonly List<Arrival> arrived = [];
    private readonly int maximumFiles;
    private FileDescriptor? newest;
    private bool isDisposed;

    /// <exception cref="ContainerException">ContainerNotFound when the container has been removed.</exception>
    public LogFiles(Container container)
    {
        maximumFiles = container.Spec.LogMaximumFiles;
        Folder = Files.TryOpen(container.Folder, Files.O_PATH | Files.O_DIRECTORY) ?? throw ContainerException.NotFound(container.Name);
    }

    /// <summary>The container's folder.</summary>
    public FileDescriptor Folder { get; }

    /// <summary>Those to be read; none before the container has said something.</summary>
    public IReadOnlyList<LogSegment> Segments => segments;

    /// <summary>Adds the files that have come since the last time.</summary>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public void Refresh()
    {
        Hold();
        lock (arrived)
        {
            // What another has come after is written no more: its end is where the other begins.
            foreach (var arrival in arrived)
                segments.Add(new LogSegment(arrival.File, segments.Count == 0 ? 0 : segments[^1].End) { FollowsGap = arrival.FollowsGap });
            arrived.Clear();
        }
    }

    /// <summary>Takes hold of the files that have come since the last time. Any thread may.</summary>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public void Hold()
    {
        lock (arrived)
        {
            if (isDisposed)
                return;
            var found = Find(out var hasGap);
            for (var i = 0; i < found.Count; i++)
                arrived.Add(new Arrival(found[i].File, hasGap && i == 0));
            if (found.Count > 0)
                newest = found[^1].File;
            while (arrived.Count > MostHeld)
            {
                arrived[0].File.Dispose();
                arrived.RemoveAt(0);
                arrived[0] = arrived[0] with { FollowsGap = true };
            }
        }
    }

    /// <summary>Lets go of the first file.</summary>
    public void ForgetFirst()
    {
        segments[0].Dispose();
        segments.RemoveAt(0);
    }

    public void Dispose()
    {
        lock (arrived)
        {
            isDisposed = true;
            foreach (var segment in segments)
                segment.Dispose();
            foreach (var arrival in arrived)
                arrival.File.Dispose();
            Folder.Dispose();
        }
    }

    /// <summary>Opens what is newer than the newest that we have, the oldest first.</summary>
    /// <param name="hasGap">Whether there were others between that one and these, and they are gone.</param>
    private List<(FileDescriptor File, FileStatus Status)> Find(out bool hasGap)
    {
        while (true)
        {
            var current = InodeOfCurrent();
            var found = Walk();
            // After two rotations meanwhile we may have met a newer file behind an older one.
            if (current == InodeOfCurrent())
            {
                hasGap = found.Count > 0 && HasGapBefore(found);
                return found;
            }

            foreach (var (file, _) in found)
                file.Dispose();
        }
    }

    private List<(FileDescriptor File, FileStatus Status)> Walk()
    {
        // From the newest to the oldest: a rotation meanwhile moves files the way we walk, so we meet one twice, and pass none by.
        var found = new List<(FileDescriptor File, FileStatus Status)>();
        // It is still open, so no other file has its number.
        ulong? known = newest is null ? null : Files.Status(newest).Identity.Inode;
        for (var i = 0; i < maximumFiles; i++)
        {
            if (TryOpen(NameOf(i)) is not { } file)
                continue;
            var status = Files.Status(file);
            if (status.Identity.Inode != known && !found.Exists(other => other.Status.Identity.Inode == status.Identity.Inode))
            {
                found.Insert(0, (file, status));
                continue;
            }

            file.Dispose();
            if (status.Identity.Inode == known)
                break;
        }

        return found;
    }

    /// <summary>Which file is written to now; null in the middle of a rotation, before the first line, and when all are removed.</summary>
    private ulong? InodeOfCurrent()
    {
        using var current = TryOpen(NameOf(0));
        return current is null ? null : Files.Status(current).Identity.Inode;
    }

    /// <summary>
    /// When a file is deleted there is one younger file less than there is room for. Where we find all of those that are younger than the
    /// newest we knew, or where it is there itself, none has been lost.
    /// </summary>
    private bool HasGapBefore(List<(FileDescriptor File, FileStatus Status)> found)
    {
        if (newest is null || Files.Status(newest) is not { Links: 0 } known)
            return false;
        return found.Count(each => each.Status.Born.CompareTo(known.Changed) < 0) < maximumFiles - 1;
    }

    private static string NameOf(int i) => i == 0 ? Container.LogFile : $"{Container.LogFile}.{i}";

    private FileDescriptor? TryOpen(string name)
    {
        var path = $"{Folder.ProcPath}/{name}";
        var file = Files.TryOpen(path, Files.O_RDONLY | Files.O_NOFOLLOW | Files.O_NONBLOCK);
        if (file is null)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno is Errno.EACCES or Errno.EPERM ? throw StoreAccess.Denied(name, new SyscallException("open", errno, name)) : null;
        }

        if (Files.Status(file).IsRegular)
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>A file that nobody has begun to read.</summary>
    /// <param name="File">The file.</param>
    /// <param name="FollowsGap">Whether others that came before it are lost.</param>
    private readonly record struct Arrival(FileDescriptor File, bool FollowsGap);
}
