using System.Diagnostics;
using MyDocker.Interop;

namespace MyDocker.Tests.Fixture;

/// <summary>
/// A file system that never answers, as a network one whose server is gone: whoever looks into it waits in the kernel and can't be
/// frozen. See fuse(4).
/// </summary>
internal sealed class SilentFileSystem : IDisposable
{
    private readonly string mountPoint = Directory.CreateTempSubdirectory("mydocker-tests-silent-").FullName;
    private readonly FileDescriptor server;
    private readonly bool isMounted;
    private readonly List<Process> stuck = [];

    public SilentFileSystem()
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "There is no /dev/fuse.");
        server = Files.Open("/dev/fuse", Files.O_RDWR);
        var errno = Mounting.TryMount("fuse", mountPoint, "fuse", 0, $"fd={server.Number},rootmode=40000,user_id=0,group_id=0");
        isMounted = errno == 0;
        if (!isMounted)
            Dispose();
        Assert.SkipUnless(errno == 0, $"Needs the right to mount (errno {errno}).");
    }

    /// <summary>
    /// A process that waits for this file system and can't be frozen; it ends when this is disposed of. Waiting for an answer would
    /// not do, that can be frozen by now: it waits for the lock of a folder, which another holds who waits for an answer.
    /// </summary>
    public Process StartWaiting()
    {
        StartStuck("stat");
        return StartStuck("mkdir");
    }

    public void Dispose()
    {
        // Without its server the kernel fails all that waits for an answer.
        server.Dispose();
        if (isMounted)
            Mounting.Detach(mountPoint);
        Directory.Delete(mountPoint);
        foreach (var process in stuck)
        {
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "It still waits.");
            process.Dispose();
        }
    }

    private Process StartStuck(string program)
    {
        var process = Process.Start(new ProcessStartInfo(program, [$"{mountPoint}/file"]) { RedirectStandardError = true })!;
        stuck.Add(process);
        Eventually.True(() => Processes.ProcessStat.TryRead(process.Id)?.State == 'D', "the process waits in the kernel");
        return process;
    }
}
