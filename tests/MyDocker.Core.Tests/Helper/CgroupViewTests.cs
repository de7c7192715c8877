using MyDocker.Helper.Init;

namespace MyDocker.Tests.Helper;

public class CgroupViewTests
{
    [Fact]
    public void A_hybrid_machine_has_one_folder_per_hierarchy() => Assert.Equal(
        [
            new CgroupView.Hierarchy("unified", "cgroup2", ""),
            new CgroupView.Hierarchy("systemd", "cgroup", "xattr,name=systemd"),
            new CgroupView.Hierarchy("cpu,cpuacct", "cgroup", "cpu,cpuacct"),
            new CgroupView.Hierarchy("memory", "cgroup", "memory"),
        ],
        CgroupView.Parse("""
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            28 25 0:24 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,size=4096k
            29 28 0:25 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate
            30 28 0:26 / /sys/fs/cgroup/systemd rw,nosuid shared:10 - cgroup cgroup rw,xattr,name=systemd
            31 28 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:11 master:2 - cgroup cgroup rw,cpu,cpuacct
            32 28 0:28 / /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup ro,memory
            99 28 0:28 / /elsewhere/memory rw - cgroup cgroup rw,memory
            """));

    [Fact]
    public void A_v2_machine_has_one() => Assert.Equal(
        [new CgroupView.Hierarchy("cgroup", "cgroup2", "")],
        CgroupView.Parse("29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n"));

    [Theory]
    [InlineData("")]
    [InlineData("29 23 0:26 / /sys/fs/cgroup rw")]
    [InlineData("29 23 - cgroup2 cgroup2 rw")]
    [InlineData("40 22 0:40 / /tmp/cgroup rw - tmpfs cgroup rw")]
    public void Other_lines_are_passed_over(string mountInfo) => Assert.Empty(CgroupView.Parse(mountInfo));
}
