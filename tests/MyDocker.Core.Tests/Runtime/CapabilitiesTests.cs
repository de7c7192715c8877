namespace MyDocker.Tests.Runtime;

public class CapabilitiesTests
{
    [Fact]
    public void Nothing_asked_for_is_the_default_set() => Assert.Equal(Capabilities.Default, Capabilities.Of(new ContainerSpec()));

    [Theory]
    [InlineData("NET_ADMIN")]
    [InlineData("CAP_NET_ADMIN")]
    [InlineData("cap_net_admin")]
    [InlineData("net_Admin")]
    public void Names_are_taken_with_and_without_prefix_in_any_case(string name) => Assert.Equal(
        Capabilities.Default.Append("CAP_NET_ADMIN"), Capabilities.Of(new ContainerSpec { CapabilityAdd = [name] }));

    [Fact]
    public void Dropped_ones_are_gone()
    {
        Assert.Equal(Capabilities.Default.Except(["CAP_MKNOD"]), Capabilities.Of(new ContainerSpec { CapabilityDrop = ["MKNOD"] }));
        Assert.Empty(Capabilities.Of(new ContainerSpec { CapabilityDrop = ["ALL"] }));
        Assert.Empty(Capabilities.Of(new ContainerSpec { Privileged = true, CapabilityDrop = ["all"] }));
    }

    [Fact]
    public void Dropping_all_and_adding_one_leaves_one() => Assert.Equal(
        ["CAP_CHOWN"], Capabilities.Of(new ContainerSpec { CapabilityDrop = ["ALL"], CapabilityAdd = ["CHOWN"] }));

    [Fact]
    public void All_is_what_this_session_may_give()
    {
        // What this session may pass on: the bounding set, capabilities(7).
        var bounding = Convert.ToUInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapBnd:", StringComparison.Ordinal))[7..].Trim(), 16);
        var expected = Capabilities.All.Where((_, number) => (bounding >> number & 1) == 1).ToList();
        Assert.Equal(expected, Capabilities.Of(new ContainerSpec { CapabilityAdd = ["ALL"] }));
        Assert.Equal(expected, Capabilities.Of(new ContainerSpec { Privileged = true }));
        Assert.Equal(expected.Except(["CAP_SYS_ADMIN"]), Capabilities.Of(new ContainerSpec { CapabilityAdd = ["ALL"], CapabilityDrop = ["SYS_ADMIN"] }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("CAP_FLY")]
    [InlineData("CAP_CAP_CHOWN")]
    [InlineData(" CHOWN")]
    public void A_name_that_is_none_is_refused(string name)
    {
        var refused = Assert.Throws<ContainerException>(() => Capabilities.Of(new ContainerSpec { CapabilityAdd = [name] }));
        Assert.Equal(ContainerError.InvalidArgument, refused.Error);
        Assert.Throws<ContainerException>(() => Capabilities.Of(new ContainerSpec { CapabilityDrop = [name] }));
    }

    [Fact]
    public void The_mask_has_one_bit_per_name()
    {
        Assert.Equal(0UL, Capabilities.Mask(null));
        Assert.Equal(1UL, Capabilities.Mask(["CAP_CHOWN"]));
        Assert.Equal((1UL << 21) | (1UL << 40), Capabilities.Mask(["CAP_CHECKPOINT_RESTORE", "CAP_SYS_ADMIN", "CAP_SYS_ADMIN"]));
        Assert.Equal(0UL, Capabilities.Mask(["CAP_FLY", "chown", ""]));
        // docker's default, as /proc/PID/status shows it.
        Assert.Equal(0xA80425FBUL, Capabilities.Mask(Capabilities.Default));
    }
}
