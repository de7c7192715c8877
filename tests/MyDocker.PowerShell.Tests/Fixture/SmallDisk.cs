using System.Diagnostics;

namespace MyDocker.Tests.Fixture;

/// <summary>A file system of one megabyte that the environment names as the store while this lives.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string? rootBefore = Environment.GetEnvironmentVariable("MYDOCKER_ROOT");
    private readonly string folder;

    public SmallDisk()
    {
        folder = Directory.CreateDirectory($"{rootBefore}/small").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder);
        Environment.SetEnvironmentVariable("MYDOCKER_ROOT", folder);
        // The folders of the store are there, whatever comes.
        foreach (var name in (string[])["containers", "names", "removed"])
            Directory.CreateDirectory($"{folder}/{name}");
    }

    public string[] Entries(string name) => Directory.GetFileSystemEntries($"{folder}/{name}");

    /// <summary>Leaves no room at all.</summary>
    public void Fill()
    {
        try
        {
            using var file = File.Create($"{folder}/filling", 1);
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete($"{folder}/filling");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("MYDOCKER_ROOT", rootBefore);
        Run("umount", folder);
        Directory.Delete(folder);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
