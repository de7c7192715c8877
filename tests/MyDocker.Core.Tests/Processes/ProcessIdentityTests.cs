using System.Diagnostics;
using MyDocker.Interop;
using MyDocker.Processes;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Processes;

public class ProcessIdentityTests
{
    private static ProcessIdentity Self => ProcessIdentity.TryRead(Environment.ProcessId)!;

    [Fact]
    public void A_live_process_is_alive_and_can_be_held()
    {
        Assert.True(Self.IsAlive);
        using var held = Self.TryOpen();
        Assert.NotNull(held);
    }

    [Fact]
    [Trait("Attack", "pid reuse kills a stranger")]
    public void Another_start_time_is_another_process() => AssertIsNobody(Self with { StartTime = Self.StartTime + 1 });

    [Fact]
    [Trait("Attack", "pid reuse kills a stranger")]
    public void Another_boot_is_another_process() => AssertIsNobody(Self with { BootId = "00000000-0000-0000-0000-000000000000" });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Impossible_numbers_are_nobody(int pid)
    {
        AssertIsNobody(Self with { Pid = pid });
        Assert.Null(ProcessIdentity.TryRead(pid));
    }

    [Fact]
    [Trait("Attack", "a zombie counts as alive (late reaping)")]
    public void A_zombie_is_dead()
    {
        // Not by Process.Start, which would reap it.
        var pid = Spawning.StartChild("/bin/sh", ["sh", "-c", "exit 3"], []);
        using var child = PidFd.TryOpen(pid)!;
        Eventually.True(() => ProcessStat.TryRead(pid)?.State == 'Z', "the child becomes a zombie");

        AssertIsNobody(ProcessIdentity.TryRead(pid)!);

        Assert.Equal(new ProcessEnd(3, false), PidFd.TryReap(child));
        Assert.Null(ProcessIdentity.TryRead(pid));
    }

    [Fact]
    public void The_number_of_a_process_that_has_ended_is_nobody()
    {
        using var child = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        var identity = ProcessIdentity.TryRead(child.Id)!;
        Assert.True(identity.IsAlive);
        child.Kill();
        child.WaitForExit();
        AssertIsNobody(identity);
    }

    private static void AssertIsNobody(ProcessIdentity identity)
    {
        Assert.False(identity.IsAlive);
        using var held = identity.TryOpen();
        Assert.Null(held);
    }
}
