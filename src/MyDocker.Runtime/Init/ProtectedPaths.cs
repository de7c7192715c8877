using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>Parts of /proc and /sys that a container must not see, or not write to.</summary>
internal static class ProtectedPaths
{
    /// <summary>Covers files with /dev/null and folders with one empty read-only file system.</summary>
    public static void Mask(FileDescriptor root, IReadOnlyList<string> paths, StartStep step)
    {
        using var nothing = Files.OpenInRoot(root, "/dev/null", Files.O_PATH);
        // Were it anything else, the container would get that in place of the masked file (CVE-2025-31133).
        DeviceFolder.RequireNull(nothing);

        FileDescriptor? emptyFolder = null;
        foreach (var path in paths)
        {
            step.Name = $"masking {path}";
            using var target = TryOpen(root, path);
            if (target is null)
                continue;
            if (!Files.Status(target).IsFolder)
            {
                Mounting.Mount(nothing.ProcPath, target.ProcPath, null, Mounting.MS_BIND, subject: path);
            }
            else if (emptyFolder is null)
            {
                Mounting.Mount("tmpfs", target.ProcPath, "tmpfs", Mounting.MS_RDONLY, subject: path);
                emptyFolder = Files.OpenInRoot(root, path, Files.O_PATH | Files.O_DIRECTORY);
            }
            else
            {
                Mounting.Mount(emptyFolder.ProcPath, target.ProcPath, null, Mounting.MS_BIND, subject: path);
            }
        }

        emptyFolder?.Dispose();
    }

    /// <summary>Makes files and folders, with all below them, read-only.</summary>
    public static void MakeReadOnly(FileDescriptor root, IReadOnlyList<string> paths, StartStep step)
    {
        foreach (var path in paths)
        {
            step.Name = $"making {path} read-only";
            using var target = TryOpen(root, path);
            if (target is null)
                continue;
            Mounting.Mount(target.ProcPath, target.ProcPath, null, Mounting.MS_BIND | Mounting.MS_REC, subject: path);
            using var mounted = Files.OpenInRoot(root, path, Files.O_PATH);
            const ulong ReadOnly = Mounting.MS_REMOUNT | Mounting.MS_BIND | Mounting.MS_RDONLY;
            Mounting.Mount(null, mounted.ProcPath, null, ReadOnly | Mounting.MS_NOSUID | Mounting.MS_NODEV | Mounting.MS_NOEXEC, subject: path);
        }
    }

    /// <summary>Not every kernel has every one of them.</summary>
    private static FileDescriptor? TryOpen(FileDescriptor root, string path)
    {
        var target = Files.TryOpenInRoot(root, path, Files.O_PATH, resolve: Files.RESOLVE_IN_ROOT | Files.RESOLVE_NO_SYMLINKS);
        return target is not null || Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR
            ? target
            : throw SyscallException.FromLastError("openat2", path);
    }
}
