using System.Diagnostics;

namespace MyDocker.Tests.Fixture;

/// <summary>A folder with busybox in it, for -RootFileSystem.</summary>
internal sealed class BusyboxRoot : IDisposable
{
    private readonly string[] content;

    public BusyboxRoot()
    {
        Folder = Directory.CreateTempSubdirectory("mydocker-tests-root-").FullName;
        // The container's users have to get through it.
        File.SetUnixFileMode(Folder, (UnixFileMode)0x1ED /* 0755 */);
        foreach (var name in (string[])["bin", "dev", "etc", "proc", "sys", "tmp", "root", "home"])
            Directory.CreateDirectory($"{Folder}/{name}");
        File.SetUnixFileMode($"{Folder}/tmp", (UnixFileMode)0x3FF /* 1777 */);
        File.Copy(Program!, $"{Folder}/bin/busybox");
        foreach (var applet in Applets())
            File.CreateSymbolicLink($"{Folder}/bin/{applet}", "busybox");
        File.WriteAllText($"{Folder}/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbird:x:1000:1001:a user:/home:/bin/sh\n");
        File.WriteAllText($"{Folder}/etc/group", "root:x:0:\nbirds:x:1001:\nflock:x:1002:bird\n");
        content = Describe();
    }

    /// <summary>A busybox that needs no library, or null.</summary>
    public static string? Program { get; } = ((string[])["/bin/busybox", "/usr/bin/busybox"]).FirstOrDefault(File.Exists);

    public string Folder { get; }

    /// <summary>A container's root lies above this folder, copy-on-write: nothing may ever come down here.</summary>
    public void RequireUnchanged() => Assert.Equal(content, Describe());

    public void Dispose() => Directory.Delete(Folder, true);

    private static string[] Applets()
    {
        using var busybox = Process.Start(new ProcessStartInfo(Program!, ["--list"]) { RedirectStandardOutput = true })!;
        return [.. busybox.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "busybox")];
    }

    private string[] Describe() =>
    [
        .. new DirectoryInfo(Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => $"{entry.FullName} {entry.UnixFileMode} {entry.LastWriteTimeUtc:O} {(entry as FileInfo)?.Length}")
            .Order(StringComparer.Ordinal),
    ];
}
