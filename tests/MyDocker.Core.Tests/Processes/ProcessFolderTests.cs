using MyDocker.Processes;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Processes;

public class ProcessFolderTests
{
    [Fact]
    public void What_is_read_is_of_that_process_alone()
    {
        using var child = Tool.Start("cat");
        using var folder = ProcessFolder.TryOpen(child.Id)!;
        Assert.StartsWith("cat", folder.TryReadText("cmdline"), StringComparison.Ordinal);

        child.Kill();
        child.WaitForExit();

        // Whoever may have its number by now.
        Assert.Null(folder.TryRead("stat"));
        Assert.Null(folder.TryReadText("cgroup"));
    }

    [Fact]
    public void Another_process_with_its_number_is_not_opened()
    {
        var own = ProcessIdentity.TryRead(Environment.ProcessId)!;

        using var folder = ProcessFolder.TryOpen(own);
        Assert.NotNull(folder);
        Assert.Null(ProcessFolder.TryOpen(own with { StartTime = own.StartTime + 1 }));
        Assert.Null(ProcessFolder.TryOpen(own with { BootId = "another" }));
    }

    [Fact]
    public void The_status_of_our_own_process()
    {
        using var folder = ProcessFolder.TryOpen(Environment.ProcessId)!;

        var status = ProcessStatus.TryParse(folder.TryReadText("status")!)!;

        Assert.Equal(Environment.ProcessId, status.NamespacePids[0]);
        Assert.True(status.Parent > 0);
        Assert.InRange(status.ResidentMemory, 1 << 20, 1L << 40);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PPid:\t1\nUid:\t0\t0\t0\t0\n")]
    [InlineData("PPid:\t1\nUid:\tx\t0\t0\t0\nNSpid:\t5\n")]
    [InlineData("PPid:\t1\nUid:\t0\t0\t0\t0\nNSpid:\t5\tx\n")]
    public void A_status_that_lacks_something_is_none(string text) => Assert.Null(ProcessStatus.TryParse(text));

    [Fact]
    public void Traffic_is_added_up_without_loopback()
    {
        const string Text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:  100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
              eth0:  200       2    0    0    0     0          0         0      300       3    0    0    0     0       0          0
              eth1:1000       2    0    0    0     0          0         0     2000       3    0    0    0     0       0          0
            """;

        Assert.Equal(new NetworkTraffic(1200, 2300), NetworkTraffic.Parse(Text));
    }
}
