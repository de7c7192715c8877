using MyDocker.Cgroups;

namespace MyDocker.Tests.Cgroups;

public class CgroupTextTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(1024, 39)]
    [InlineData(262_144, 10_000)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(long.MaxValue, 10_000)]
    public void Shares_become_weights(long shares, long weight) => Assert.Equal(weight, CgroupV2.WeightFromShares(shares));

    [Theory]
    [InlineData(null, null, null, "rwm", "a")]
    [InlineData("a", null, null, "rwm", "a")]
    [InlineData("", null, null, null, "a")]
    [InlineData("a", 1L, 3L, "r", "a 1:3 r")]
    [InlineData("c", 1L, 3L, "rwm", "c 1:3 rwm")]
    [InlineData("c", 136L, null, "rwm", "c 136:* rwm")]
    [InlineData("b", null, null, "m", "b *:* m")]
    [InlineData("c", 5L, 0L, null, "c 5:0 rwm")]
    public void Device_rules_are_written_as_v1_takes_them(string? type, long? major, long? minor, string? access, string expected) =>
        Assert.Equal(expected, CgroupV1.DeviceRuleText(new OciDeviceRule(true, type, major, minor, access)));
}
