using MyDocker.Cgroups;

namespace MyDocker.Tests.Cgroups;

public class CgroupLayoutTests
{
    private const string Root = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n";

    private const string Version1 = Root + """
        30 29 0:27 / /sys/fs/cgroup/systemd rw,nosuid shared:10 - cgroup cgroup rw,xattr,name=systemd
        31 29 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:11 - cgroup cgroup rw,cpu,cpuacct
        32 29 0:29 / /sys/fs/cgroup/memory rw,nosuid shared:12 - cgroup cgroup rw,memory
        33 29 0:30 / /sys/fs/cgroup/freezer rw,nosuid - cgroup cgroup rw,freezer

        """;

    [Fact]
    public void Version_1()
    {
        var layout = CgroupLayout.Parse(Version1);
        Assert.Equal(CgroupVersion.V1, layout.Version);
        Assert.Null(layout.Unified);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["name=systemd"] = "/sys/fs/cgroup/systemd",
                ["cpu"] = "/sys/fs/cgroup/cpu,cpuacct",
                ["cpuacct"] = "/sys/fs/cgroup/cpu,cpuacct",
                ["memory"] = "/sys/fs/cgroup/memory",
                ["freezer"] = "/sys/fs/cgroup/freezer",
            },
            layout.Hierarchies);
    }

    [Fact]
    public void Both_beside_each_other_is_version_1_with_a_unified_folder()
    {
        var layout = CgroupLayout.Parse(Version1 + "34 29 0:31 / /sys/fs/cgroup/unified rw,nosuid shared:14 - cgroup2 cgroup2 rw,nsdelegate\n");
        Assert.Equal(CgroupVersion.V1, layout.Version);
        Assert.Equal("/sys/fs/cgroup/unified", layout.Unified);
        Assert.Equal("/sys/fs/cgroup/memory", layout.Hierarchies["memory"]);
    }

    [Fact]
    public void Version_2()
    {
        var layout = CgroupLayout.Parse(Root + "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 master:7 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n");
        Assert.Equal(CgroupVersion.V2, layout.Version);
        Assert.Equal("/sys/fs/cgroup", layout.Unified);
        Assert.Empty(layout.Hierarchies);
    }

    [Fact]
    public void Octal_escapes_are_undone() => Assert.Equal(
        "/mnt/a b\\c\td",
        CgroupLayout.Parse("29 23 0:26 / /mnt/a\\040b\\134c\\011d rw - cgroup2 cgroup2 rw\n").Unified);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw\n")]
    [InlineData("29 23 0:26 - cgroup2 cgroup2 rw\n")]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw - cgroup2\n")]
    [InlineData("40 22 0:40 / /tmp/cgroup2 rw - tmpfs cgroup2 rw,memory\n")]
    public void Lines_that_are_no_hierarchy_are_passed_over(string mountInfo)
    {
        var layout = CgroupLayout.Parse(mountInfo);
        Assert.Null(layout.Unified);
        Assert.Empty(layout.Hierarchies);
    }
}
