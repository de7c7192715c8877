using MyDocker.Interop;

namespace MyDocker.Tests.Support;

/// <summary>A file system of 64 KiB that can be filled up, mounted for one test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder mountPoint;

    public SmallDisk()
    {
        Require.Root();
        mountPoint = new TemporaryFolder();
        var errno = Mounting.TryMount("tmpfs", mountPoint.Path, "tmpfs", Mounting.MS_NODEV | Mounting.MS_NOSUID, "size=64k,mode=700");
        if (errno != 0)
            mountPoint.Dispose();
        Assert.SkipUnless(errno == 0, $"Needs the right to mount a tmpfs (errno {errno}).");
    }

    public string this[string name] => mountPoint[name];

    public void Fill()
    {
        using var filler = Files.Open(this["filler"], Files.O_WRONLY | Files.O_CREAT, 0x180);
        var page = new byte[1024];
        while (Files.TryWrite(filler.Number, page) > 0)
        {
            // Until there is no room.
        }
    }

    public void Dispose()
    {
        Mounting.Detach(mountPoint.Path);
        mountPoint.Dispose();
    }
}
