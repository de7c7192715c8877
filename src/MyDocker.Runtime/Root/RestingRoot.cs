using MyDocker.Helper.Init;
using MyDocker.Interop;

namespace MyDocker.Helper.Root;

/// <summary>The root of a container that does not run, as its processes would see it: the overlay and the host's folders in it.</summary>
internal static class RestingRoot
{
    /// <summary>Mounts it in this process's own mount namespace.</summary>
    /// <returns>The root's folder, for use by descriptor.</returns>
    public static FileDescriptor Mount(string bundle, OciSpec spec)
    {
        Mounting.Mount(null, "/", null, Mounting.MS_REC | Mounting.MS_PRIVATE);
        var root = RootBuilder.MountRoot(bundle, spec);
        var covered = new List<string>();
        foreach (var mount in spec.Mounts.Where(mount => mount.Destination != "/"))
        {
            if (mount.Type == "bind" || MountOptions.Parse(mount.Options).IsBind)
            {
                RootBuilder.MountInside(root, mount);
            }
            else if (!covered.Exists(path => mount.Destination.StartsWith($"{path}/", StringComparison.Ordinal)))
            {
                Cover(root, mount.Destination);
                covered.Add(mount.Destination);
            }
        }

        // Only now, as there may be places to mount on in them.
        foreach (var path in covered)
        {
            using var cover = Files.OpenInRoot(root, path, Files.O_PATH | Files.O_DIRECTORY);
            MakeReadOnly(cover);
        }

        if (spec.Root.Readonly)
            MakeReadOnly(root);
        return root;
    }

    private static void MakeReadOnly(FileDescriptor mounted) =>
        Mounting.Mount(null, mounted.ProcPath, null, Mounting.MS_REMOUNT | Mounting.MS_BIND | Mounting.MS_RDONLY);

    /// <summary>
    /// What lives only while the container does, /proc or a temporary file system, is empty and read-only: a file put there would
    /// land below it, and never be seen again.
    /// </summary>
    private static void Cover(FileDescriptor root, string path)
    {
        using var folder = MountPoints.MakeFolder(root, path, Files.RESOLVE_NO_SYMLINKS);
        Mounting.Mount("tmpfs", folder.ProcPath, "tmpfs", Mounting.MS_NOSUID | Mounting.MS_NODEV | Mounting.MS_NOEXEC, "mode=755,size=64k", path);
    }
}
