using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// What a container sees of control groups below /sys/fs/cgroup: its own as the root, by its cgroup namespace, and read-only.
/// See cgroup_namespaces(7).
/// </summary>
internal static class CgroupView
{
    /// <summary>One of the host's hierarchies.</summary>
    /// <param name="Folder">The last part of its mount point: memory, cpu,cpuacct, unified …</param>
    /// <param name="Type">cgroup or cgroup2.</param>
    /// <param name="Options">What mounts the same hierarchy again: its controllers or its name.</param>
    internal sealed record Hierarchy(string Folder, string Type, string Options);

    /// <summary>The host's hierarchies; see proc_pid_mountinfo(5).</summary>
    public static IReadOnlyList<Hierarchy> ReadHierarchies() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    internal static IReadOnlyList<Hierarchy> Parse(string mountInfo)
    {
        var hierarchies = new List<Hierarchy>();
        foreach (var line in mountInfo.Split('\n'))
        {
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0 || line.AsSpan(0, separator).ToString().Split(' ') is not { Length: >= 6 } before)
                continue;
            var after = line[(separator + 3)..].Split(' ');
            if (after[0] is not ("cgroup" or "cgroup2") || hierarchies.Exists(known => known.Folder == Path.GetFileName(before[4])))
                continue;
            // "rw" and the like are the mount's own; what is left names the hierarchy.
            var options = after.Length > 2 ? after[2].Split(',').Where(option => option is not ("rw" or "ro" or "nsdelegate" or "memory_recursiveprot")) : [];
            hierarchies.Add(new Hierarchy(Path.GetFileName(before[4]), after[0], after[0] == "cgroup" ? string.Join(',', options) : ""));
        }

        return hierarchies;
    }

    /// <summary>Mounts the view.</summary>
    public static void Mount(FileDescriptor root, OciMount mount, IReadOnlyList<Hierarchy> hierarchies)
    {
        var flags = MountOptions.Parse(mount.Options).Flags;
        using var folder = MountPoints.MakeFolder(root, mount.Destination, Files.RESOLVE_NO_SYMLINKS);
        if (hierarchies is [{ Type: "cgroup2" }])
        {
            Mounting.Mount("cgroup", folder.ProcPath, "cgroup2", flags, subject: mount.Destination);
            return;
        }

        // v1 and hybrid: a folder of mounts, one per hierarchy.
        var flagsOfFolder = flags & ~Mounting.MS_RDONLY;
        Mounting.Mount("tmpfs", folder.ProcPath, "tmpfs", flagsOfFolder, "mode=755,size=64k", mount.Destination);
        using var top = Files.OpenInRoot(root, mount.Destination, Files.O_PATH | Files.O_DIRECTORY);
        foreach (var hierarchy in hierarchies)
        {
            var path = $"{mount.Destination}/{hierarchy.Folder}";
            using (var place = MountPoints.MakeFolder(root, path, Files.RESOLVE_NO_SYMLINKS))
                Mounting.Mount("cgroup", place.ProcPath, hierarchy.Type, flags, hierarchy.Options, path);
            // Controllers mounted together are also found by each one's name.
            if (hierarchy.Folder.Contains(',', StringComparison.Ordinal))
            {
                foreach (var name in hierarchy.Folder.Split(','))
                    Files.MakeLinkAt(hierarchy.Folder, top, name);
            }
        }

        if ((flags & Mounting.MS_RDONLY) != 0)
            Mounting.Mount(null, top.ProcPath, null, Mounting.MS_REMOUNT | Mounting.MS_BIND | flags, subject: mount.Destination);
    }
}
