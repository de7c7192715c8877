using MyDocker.Cgroups;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Cgroups;

/// <summary>Real groups of this machine, whichever world it lives in.</summary>
public sealed class CgroupTests : IDisposable
{
    private readonly string id = ContainerName.NewId();
    private readonly Cgroup cgroup;
    private readonly TemporaryFolder folder;

    public CgroupTests()
    {
        Require.Root();
        cgroup = Cgroup.Of(id);
        try
        {
            cgroup.Create(new OciResources());
        }
        catch (IOException failure)
        {
            _ = cgroup.TryRemove();
            Assert.Skip($"Needs control groups that can be written to: {failure.Message}");
        }

        folder = new TemporaryFolder();
    }

    private static CgroupLayout Layout => CgroupLayout.Current;

    private static bool IsVersion2 => Layout.Version == CgroupVersion.V2;

    public void Dispose()
    {
        folder.Dispose();
        cgroup.Kill();
        AssertIsRemovedAtLast();
    }

    [Fact]
    public void Limits_land_in_the_kernels_files()
    {
        var resources = new OciResources
        {
            Memory = new OciMemory(64 << 20, 128 << 20),
            Cpu = new OciCpu { Shares = 512, Quota = 50_000, Period = 100_000, Cpus = "0" },
            Pids = new OciPids(20),
        };
        cgroup.Create(resources);

        (string Controller, string File, string Value)[] expected = IsVersion2
            ?
            [
                ("memory", "memory.max", "67108864"), ("memory", "memory.swap.max", "67108864"), ("cpu", "cpu.weight", "20"),
                ("cpu", "cpu.max", "50000 100000"), ("cpuset", "cpuset.cpus", "0"), ("pids", "pids.max", "20"),
            ]
            :
            [
                ("memory", "memory.limit_in_bytes", "67108864"), ("memory", "memory.memsw.limit_in_bytes", "134217728"), ("cpu", "cpu.shares", "512"),
                ("cpu", "cpu.cfs_quota_us", "50000"), ("cpu", "cpu.cfs_period_us", "100000"), ("cpuset", "cpuset.cpus", "0"), ("pids", "pids.max", "20"),
            ];
        // A kernel that does not account swap has no file for it.
        Assert.All(
            expected.Where(entry => !entry.File.Contains("sw", StringComparison.Ordinal) || File.Exists($"{FolderOf(entry.Controller)}/{entry.File}")),
            entry => Assert.Equal(entry.Value, File.ReadAllText($"{FolderOf(entry.Controller)}/{entry.File}").Trim()));
    }

    [Fact]
    public void A_process_is_inside_everywhere()
    {
        using var member = new MemberProcess(cgroup, "exec sleep 60");
        var lines = File.ReadAllLines($"/proc/{member.Pid}/cgroup").Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(lines);
        var unmounted = lines.Where(line => line.StartsWith("0::", StringComparison.Ordinal) && Layout.Unified is null);
        Assert.All(lines.Except(unmounted), line => Assert.EndsWith(Cgroup.PathOf(id), line, StringComparison.Ordinal));
    }

    [Fact]
    public void Frozen_it_stands_still_and_thawed_it_goes_on()
    {
        using var member = new MemberProcess(cgroup, $"while :; do echo x >> '{folder["steps"]}'; sleep 0.01; done");
        Eventually.True(() => Steps() > 3, "the process takes its first steps");
        Assert.False(cgroup.IsFrozen);

        cgroup.Freeze();
        Assert.True(cgroup.IsFrozen);
        var still = Steps();
        Thread.Sleep(150);
        Assert.Equal(still, Steps());

        cgroup.Thaw();
        Assert.False(cgroup.IsFrozen);
        Eventually.True(() => Steps() > still + 3, "the process goes on");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_it_ends_with_its_children_frozen_or_not(bool isFrozen)
    {
        using var member = new MemberProcess(cgroup, $"trap '' TERM; sleep 61 & sleep 62 & echo x > '{folder["steps"]}'; wait");
        Eventually.True(() => Steps() > 0, "the children are there");
        if (isFrozen)
            cgroup.Freeze();
        cgroup.Kill();
        Assert.Equal(137, member.Wait().ExitCode);
        AssertIsRemovedAtLast();
    }

    [Fact]
    [Trait("Attack", "leftovers with a shared pid namespace; cgroup EBUSY")]
    public void Groups_made_inside_are_removed_first()
    {
        foreach (var top in Folders())
            Directory.CreateDirectory($"{top}/made/inside/here");
        Assert.True(cgroup.Exists);
        Assert.True(cgroup.TryRemove());
        Assert.False(cgroup.Exists);
        Assert.True(cgroup.TryRemove());
    }

    [Fact]
    public void With_a_live_process_inside_it_stays()
    {
        using var member = new MemberProcess(cgroup, "exec sleep 60");
        Assert.False(cgroup.TryRemove());
        Assert.True(cgroup.Exists);
        Assert.False(member.HasEnded);
    }

    [Fact]
    public void To_kill_or_ask_one_that_is_gone_is_fine()
    {
        Assert.True(cgroup.TryRemove());
        cgroup.Kill();
        Assert.False(cgroup.IsFrozen);
        Assert.Equal(0, cgroup.OutOfMemoryKills);
        Assert.False(cgroup.Exists);
    }

    [Fact]
    public void The_process_limit_holds()
    {
        using var member = new MemberProcess(cgroup, $"while [ ! -e '{folder["go"]}' ]; do :; done; sleep 0; exit 0");
        cgroup.Create(new OciResources { Pids = new OciPids(1) });
        File.WriteAllText(folder["go"], "");
        Assert.NotEqual(0, member.Wait().ExitCode);
    }

    [Fact]
    public void Memory_beyond_the_limit_is_counted_as_killed()
    {
        cgroup.Create(new OciResources { Memory = new OciMemory(16 << 20, 16 << 20) });
        // A variable that doubles: the shell itself grows out of its limit.
        using var member = new MemberProcess(cgroup, "x=0123456789abcdef; while :; do x=$x$x; done");
        Assert.Equal(137, member.Wait().ExitCode);
        Eventually.True(() => cgroup.OutOfMemoryKills > 0, "the kernel counts the kill");
    }

    [Fact]
    public void Devices_that_no_rule_allows_can_not_be_opened()
    {
        var rules = new List<OciDeviceRule> { new(false, Access: "rwm"), new(true, "c", null, null, "m"), new(true, "c", 1, 3, "rwm") };
        cgroup.Create(new OciResources { Devices = rules });
        Tool.Run("mknod", folder["kmsg"], "c", "1", "11");
        Tool.Run("mknod", folder["null"], "c", "1", "3");
        using var member = new MemberProcess(
            cgroup, $"(echo x > '{folder["null"]}') && ! (: < '{folder["kmsg"]}') && mknod '{folder["made"]}' c 1 11 && exit 5; exit 6");
        Assert.Equal(5, member.Wait().ExitCode);
    }

    /// <summary>Orphans count until the machine's PID 1 reaps them, which some take their time for; in a container it is the kernel.</summary>
    private void AssertIsRemovedAtLast()
    {
        Eventually.True(cgroup.TryRemove, "the group is empty and goes");
        Assert.False(cgroup.Exists);
    }

    private int Steps() => File.Exists(folder["steps"]) ? File.ReadAllLines(folder["steps"]).Length : 0;

    private string FolderOf(string controller) =>
        (IsVersion2 ? Layout.Unified! : Layout.Hierarchies[controller]) + Cgroup.PathOf(id);

    private IEnumerable<string> Folders() =>
        Layout.Hierarchies.Values.Distinct().Concat(Layout.Unified is { } unified ? [unified] : []).Select(mount => mount + Cgroup.PathOf(id));
}
