using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>Finds the places to mount on below a root, and makes those that are missing.</summary>
internal static class MountPoints
{
    private const uint FolderMode = 0x1ED; // 0755
    private const uint FileMode = 0x1A4; // 0644

    /// <summary>Opens a folder below the root, making it and those above it where they are missing.</summary>
    /// <param name="root">The root.</param>
    /// <param name="path">The path inside.</param>
    /// <param name="resolve">RESOLVE_… flags of openat2(2) beside RESOLVE_IN_ROOT.</param>
    public static FileDescriptor MakeFolder(FileDescriptor root, string path, ulong resolve)
    {
        var there = Files.TryOpenInRoot(root, path, Files.O_PATH | Files.O_DIRECTORY, resolve: Files.RESOLVE_IN_ROOT | resolve);
        if (there is not null)
            return there;
        if (Marshal.GetLastPInvokeError() != Errno.ENOENT)
            throw SyscallException.FromLastError("openat2", path);
        using (var parent = MakeFolder(root, ParentOf(path), resolve))
            Files.MakeFolderAt(parent, Path.GetFileName(path.TrimEnd('/')), FolderMode);
        return Files.OpenInRoot(root, path, Files.O_PATH | Files.O_DIRECTORY, resolve: Files.RESOLVE_IN_ROOT | resolve);
    }

    /// <summary>Opens a file below the root, making an empty one where it is missing.</summary>
    public static FileDescriptor MakeFile(FileDescriptor root, string path)
    {
        var there = Files.TryOpenInRoot(root, path, Files.O_PATH);
        if (there is not null)
            return there;
        if (Marshal.GetLastPInvokeError() != Errno.ENOENT)
            throw SyscallException.FromLastError("openat2", path);
        MakeFolder(root, ParentOf(path), 0).Dispose();
        return Files.OpenInRoot(root, path, Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, FileMode);
    }

    private static string ParentOf(string path) => Path.GetDirectoryName(path.TrimEnd('/')) is { Length: > 0 } parent ? parent : "/";
}
