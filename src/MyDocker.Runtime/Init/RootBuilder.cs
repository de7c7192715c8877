using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// Makes the container's root and moves into it. Every path below the root is resolved by the kernel as if that root were
/// the only one (openat2(2), RESOLVE_IN_ROOT), and mounted on by descriptor: no link in an image leads a mount outside.
/// </summary>
internal static class RootBuilder
{
    /// <summary>Builds the root described by a bundle; afterwards it is this process's root.</summary>
    /// <returns>A new terminal's two sides, where the process is to have one.</returns>
    public static (FileDescriptor Master, FileDescriptor Peer)? Build(string bundle, OciSpec spec, StartStep step)
    {
        step.Name = "making mounts private";
        Mounting.Mount(null, "/", null, Mounting.MS_REC | Mounting.MS_PRIVATE);
        // Read while the host's view of its hierarchies is still there.
        var hierarchies = CgroupView.ReadHierarchies();

        step.Name = "mounting the root file system";
        using var root = MountRoot(bundle, spec);
        foreach (var mount in spec.Mounts.Where(mount => mount.Destination != "/"))
        {
            step.Name = $"mounting {mount.Destination}";
            if (mount.Type == "cgroup")
                CgroupView.Mount(root, mount, hierarchies);
            else
                MountInside(root, mount);
        }

        step.Name = "making devices";
        // A folder of the host in its place has devices already, or is to have none.
        if (spec.Mounts.LastOrDefault(mount => mount.Destination.TrimEnd('/') == "/dev") is not { Type: "bind" })
            DeviceFolder.Fill(root);
        step.Name = "making a terminal";
        var terminal = spec.Process.Terminal ? DeviceFolder.MakeConsole(root) : ((FileDescriptor, FileDescriptor)?)null;
        ProtectedPaths.Mask(root, spec.Linux.MaskedPaths ?? [], step);
        ProtectedPaths.MakeReadOnly(root, spec.Linux.ReadonlyPaths ?? [], step);
        step.Name = "making the working directory";
        MountPoints.MakeFolder(root, spec.Process.Cwd, 0).Dispose();

        step.Name = "changing the root";
        if (spec.Root.Readonly)
            Mounting.Mount(null, root.ProcPath, null, Mounting.MS_REMOUNT | Mounting.MS_BIND | Mounting.MS_RDONLY);
        Mounting.ChangeFolder(root);
        Mounting.PivotIntoCurrentFolder();
        // The old root lies on top of the new one, with all of the host's mounts: away with them.
        Mounting.Detach(".");
        if (Mounting.TryChangeFolder("/") is var errno and not 0)
            throw new SyscallException("chdir", errno, "/");
        return terminal;
    }

    /// <summary>Mounts what the root is made of, and opens its folder.</summary>
    public static FileDescriptor MountRoot(string bundle, OciSpec spec)
    {
        var target = Path.GetFullPath(spec.Root.Path, bundle);
        if (spec.Mounts.FirstOrDefault(mount => mount.Destination == "/") is { } own)
        {
            var options = MountOptions.Parse(own.Options);
            Mounting.Mount(own.Source, target, own.Type, options.Flags, options.Data);
        }
        else
        {
            // pivot_root(2) wants a mount point.
            Mounting.Mount(target, target, null, Mounting.MS_BIND | Mounting.MS_REC);
        }

        return Files.Open(target, Files.O_PATH | Files.O_DIRECTORY);
    }

    /// <summary>Mounts one of the bundle's entries on its place below the root.</summary>
    public static void MountInside(FileDescriptor root, OciMount mount)
    {
        var options = MountOptions.Parse(mount.Options);
        if (!options.IsBind && mount.Type != "bind")
        {
            // A /proc that is a link would take the safety of everything written there with it (CVE-2019-19921).
            using var folder = MountPoints.MakeFolder(root, mount.Destination, Files.RESOLVE_NO_SYMLINKS);
            Mounting.Mount(mount.Source, folder.ProcPath, mount.Type, options.Flags, options.Data, mount.Destination);
            if (mount.Type == "proc")
                RequireProcfs(root, mount.Destination);
            return;
        }

        using (var target = Directory.Exists(mount.Source)
            ? MountPoints.MakeFolder(root, mount.Destination, 0)
            : MountPoints.MakeFile(root, mount.Destination))
        {
            Mounting.Mount(mount.Source, target.ProcPath, null, options.Flags | Mounting.MS_BIND, subject: mount.Source);
        }

        // Opened again: the first descriptor means the folder below the mount.
        using var mounted = Files.OpenInRoot(root, mount.Destination, Files.O_PATH);
        if (options.FlagsBesideBind != 0)
            Mounting.Mount(null, mounted.ProcPath, null, Mounting.MS_REMOUNT | Mounting.MS_BIND | options.FlagsBesideBind, subject: mount.Destination);
        if (options.IsRecursivelyReadOnly)
            Mounting.MakeReadOnlyRecursively(mounted);
        if (options.Propagation != 0)
            Mounting.Mount(null, mounted.ProcPath, null, options.Propagation, subject: mount.Destination);
    }

    private static void RequireProcfs(FileDescriptor root, string path)
    {
        using var mounted = Files.OpenInRoot(root, path, Files.O_PATH | Files.O_DIRECTORY, resolve: Files.RESOLVE_IN_ROOT | Files.RESOLVE_NO_SYMLINKS);
        if (Mounting.FileSystemType(mounted) != Mounting.PROC_SUPER_MAGIC)
            throw new ContainerException(ContainerError.ContainerStartFailed, $"'{path}' in the container is not procfs, although it was mounted there.");
    }
}
