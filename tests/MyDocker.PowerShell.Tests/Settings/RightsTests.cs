using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Settings;

public sealed class RightsTests(Machine machine) : ContainerTest(machine)
{
    private const string Capabilities = "sed -n 's/^CapEff:\\t//p' /proc/self/status";

    [Theory]
    [InlineData("", 0x00000000a80425fb)]
    [InlineData("-CapabilityAdd NET_ADMIN", 0x00000000a80435fb)]
    [InlineData("-CapabilityAdd CAP_NET_ADMIN, SYS_TIME", 0x00000000aa0435fb)]
    [InlineData("-CapabilityDrop net_raw", 0x00000000a80405fb)]
    [InlineData("-CapabilityDrop ALL", 0)]
    [InlineData("-CapabilityDrop ALL -CapabilityAdd CHOWN", 1)]
    public void Capabilities_are_dockers_more_or_less(string options, long expected) =>
        Assert.Equal([$"{expected:x16}"], Invoke(options, "sh", "-c", Capabilities));

    [Fact]
    public void What_is_not_privileged_can_not_mount_or_see_kernel_memory() =>
        Assert.Equal(["no mount", "no kcore", "no new privileges"], Invoke(
            "", "sh", "-c", "mount -t tmpfs x /tmp 2> /dev/null || echo no mount; head -c 1 /proc/kcore 2> /dev/null | grep -q . || echo no kcore; grep -q 'NoNewPrivs:.*1' /proc/self/status && echo no new privileges"));

    [Fact]
    public void What_is_privileged_can_mount() =>
        Assert.Equal(["mounted"], Invoke("-Privileged", "sh", "-c", "mount -t tmpfs x /tmp && echo mounted"));

    [Fact]
    public void Without_a_network_there_is_loopback_only() =>
        Assert.Equal(["lo"], Invoke("", "sh", "-c", "ls /sys/class/net; ip link show lo | grep -q LOOPBACK,UP || echo down"));

    [Fact]
    public void The_hosts_network_is_the_hosts() =>
        Assert.Equal([new FileInfo("/proc/self/ns/net").LinkTarget!], Invoke("-Network host", "readlink", "/proc/self/ns/net"));

    [Fact]
    public void Every_other_namespace_is_its_own()
    {
        foreach (var name in (string[])["mnt", "pid", "ipc", "uts", "cgroup", "net"])
            Assert.NotEqual([new FileInfo($"/proc/self/ns/{name}").LinkTarget!], Invoke("", "readlink", $"/proc/self/ns/{name}"));
    }

    [Fact]
    public void Standard_input_is_the_containers_own_null_device()
    {
        // With the host's, this chmod would be one of the host's /dev/null.
        var before = File.GetUnixFileMode("/dev/null");
        Assert.Equal(["changed"], Invoke("", "sh", "-c", "chmod 600 /proc/self/fd/0 && echo changed"));
        Assert.Equal(before, File.GetUnixFileMode("/dev/null"));
    }

    [Fact]
    public void The_hosts_devices_can_be_a_volume() =>
        Assert.Equal(["null"], Invoke("-Privileged -Volume /dev:/dev", "sh", "-c", "cd /dev && ls null"));
}
