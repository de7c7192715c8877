namespace MyDocker;

/// <summary>
/// The built-in image: the machine's own /usr, read-only, around a fresh and nearly empty /etc, /var, /root and /tmp. Needs no
/// download; of the host's configuration it shows only what its programs can't run without and anyone may read.
/// </summary>
internal static class HostImage
{
    /// <summary>Folders at the top that hold programs: links into /usr on a merged system, folders of their own on others.</summary>
    private static readonly string[] ProgramFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    /// <summary>Below /etc, shown as they are: where the loader finds libraries, and what "awk" or "vi" stands for.</summary>
    private static readonly string[] SharedSettings = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives"];

    private const UnixFileMode Public =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Temporary =
        Public | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    /// <summary>Makes the image's folder.</summary>
    public static RootFileSystem Prepare(string folder)
    {
        foreach (var name in (string[])["", "dev", "etc", "home", "mnt", "opt", "proc", "run", "srv", "sys", "usr", "var", "var/cache", "var/lib", "var/log"])
            Make($"{folder}/{name}", Public);
        Make($"{folder}/root", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Make($"{folder}/tmp", Temporary);
        Make($"{folder}/var/tmp", Temporary);
        File.CreateSymbolicLink($"{folder}/var/run", "/run");
        File.CreateSymbolicLink($"{folder}/etc/mtab", "/proc/self/mounts");
        File.CreateSymbolicLink($"{folder}/etc/os-release", "../usr/lib/os-release");

        Write($"{folder}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
        Write($"{folder}/etc/group", "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n");
        Write($"{folder}/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        Write($"{folder}/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");

        List<OciMount> mounts = [ReadOnly("/usr")];
        foreach (var name in ProgramFolders)
        {
            if (new DirectoryInfo($"/{name}").LinkTarget is { } target)
            {
                File.CreateSymbolicLink($"{folder}/{name}", target);
            }
            else if (Directory.Exists($"/{name}"))
            {
                Make($"{folder}/{name}", Public);
                mounts.Add(ReadOnly($"/{name}"));
            }
        }

        foreach (var path in SharedSettings.Select(name => $"/etc/{name}"))
        {
            if (Directory.Exists(path))
                Make($"{folder}{path}", Public);
            else if (File.Exists(path))
                Write($"{folder}{path}", "");
            else
                continue;
            mounts.Add(ReadOnly(path));
        }

        return new RootFileSystem(folder, mounts);
    }

    private static OciMount ReadOnly(string path) => new()
    {
        Destination = path,
        Type = "bind",
        Source = path,
        Options = ["rbind", "rprivate", "ro", "rro", "nosuid", "nodev"],
    };

    private static void Make(string path, UnixFileMode mode)
    {
        // Given to mkdir a mode loses the umask's bits; set again it does not.
        Directory.CreateDirectory(path, mode);
        File.SetUnixFileMode(path, mode);
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
