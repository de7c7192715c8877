using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Settings;

public sealed class LimitTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void More_memory_than_allowed_ends_the_container()
    {
        Start(Name("bird"), "-Memory 16MB", "sh", "-c", "exec tail /dev/zero");

        var ended = Session.Run($"Wait-Container {Name("bird")} -Timeout 20").Container;

        Assert.Equal((ContainerStatus.Exited, StopReason.OutOfMemory, 137, true), (ended.Status, ended.StopReason, ended.ExitCode, ended.OomKilled));
    }

    [Fact]
    public void A_child_out_of_memory_is_told_too()
    {
        Start(Name("bird"), "-Memory 16MB", "sh", "-c", "tail /dev/zero; exit 4");

        var ended = Session.Run($"Wait-Container {Name("bird")} -Timeout 20").Container;

        Assert.Equal((StopReason.Exited, 4, true), (ended.StopReason, ended.ExitCode, ended.OomKilled));
    }

    [Fact]
    public void More_processes_than_allowed_are_refused() =>
        Assert.Contains(Invoke("-PidsLimit 3", "sh", "-c", "(sleep 1 & sleep 1 & sleep 1 & sleep 1 &) 2>&1; echo end"), line => line.Contains("fork", StringComparison.Ordinal));

    [Fact]
    public void Processor_limits_arrive_in_the_control_group()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/cpu"), "The files have these names in v1 only.");
        var bird = Start(Name("bird"), "-Cpus 0.5 -CpuShares 512 -CpuSet 0 -PidsLimit 20 -Memory 32MB", "sleep", "300");

        Assert.Equal("50000", Read("cpu/cpu.cfs_quota_us"));
        Assert.Equal("512", Read("cpu/cpu.shares"));
        Assert.Equal("0", Read("cpuset/cpuset.cpus"));
        Assert.Equal("20", Read("pids/pids.max"));
        Assert.Equal($"{32 << 20}", Read("memory/memory.limit_in_bytes"));

        string Read(string file) => File.ReadAllText($"/sys/fs/cgroup/{file.Split('/')[0]}/mydocker/{bird.Id}/{file.Split('/')[1]}").Trim();
    }
}
