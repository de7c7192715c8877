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
    private readonly int maximumFiles;

    /// <exception cref="ContainerException">ContainerNotFound when the container has been removed; AccessDenied.</exception>
    public LogFiles(Container container)
    {
        maximumFiles = container.Spec.LogMaximumFiles;
        Folder = Files.TryOpen(container.Folder, Files.O_PATH | Files.O_DIRECTORY) ?? throw ContainerException.NotFound(container.Name);
    }

    /// <summary>The container's folder.</summary>
    public FileDescriptor Folder { get; }

    /// <summary>Those that are held; none before the container has said something.</summary>
    public IReadOnlyList<LogSegment> Segments => segments;

    /// <summary>Takes hold of the files that have come since the last look.</summary>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public void Refresh()
    {
        // From the newest to the oldest. A rotation meanwhile moves files the way we walk: we meet one twice, and none is passed by.
        var found = new List<(FileDescriptor File, ulong Inode)>();
        // With one file only, nothing tells whether there was another in between.
        var isContinued = segments.Count == 0 || maximumFiles == 1;
        for (var i = 0; i < maximumFiles; i++)
        {
            if (TryOpen(i == 0 ? Container.LogFile : $"{Container.LogFile}.{i}") is not { } file)
                continue;
            var inode = Files.Status(file).Identity.Inode;
            if (segments.Count > 0 && segments[^1].Inode == inode)
            {
                file.Dispose();
                isContinued = true;
                break;
            }

            if (found.Exists(other => other.Inode == inode))
                file.Dispose();
            else
                found.Add((file, inode));
        }

        for (var i = found.Count - 1; i >= 0; i--)
        {
            var start = segments.Count == 0 ? 0 : segments[^1].End;
            segments.Add(new LogSegment(found[i].File, found[i].Inode, start) { FollowsGap = !isContinued && i == found.Count - 1 });
        }

        while (segments.Count > Math.Max(MostHeld, maximumFiles))
        {
            // The oldest that nobody has begun to read.
            segments[1].Dispose();
            segments.RemoveAt(1);
            segments[1].FollowsGap = true;
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
        foreach (var segment in segments)
            segment.Dispose();
        Folder.Dispose();
    }

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
}
