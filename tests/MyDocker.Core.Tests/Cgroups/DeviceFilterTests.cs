using MyDocker.Cgroups;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Cgroups;

/// <summary>Runs the compiled rules in an evaluator of our own, which knows only what the program needs.</summary>
public sealed class DeviceFilterTests : IDisposable
{
    private const int Block = 1, Char = 2; // BPF_DEVCG_DEV_…
    private const int Make = 1, Read = 2, Write = 4; // BPF_DEVCG_ACC_…

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData("null", Char, 1, 3, Read | Write, true)]
    [InlineData("null with mknod", Char, 1, 3, Read | Write | Make, true)]
    [InlineData("zero", Char, 1, 5, Read, true)]
    [InlineData("full", Char, 1, 7, Write, true)]
    [InlineData("random", Char, 1, 8, Read, true)]
    [InlineData("urandom", Char, 1, 9, Read, true)]
    [InlineData("tty", Char, 5, 0, Read | Write, true)]
    [InlineData("console", Char, 5, 1, Read | Write, true)]
    [InlineData("ptmx", Char, 5, 2, Read | Write, true)]
    [InlineData("pts/0", Char, 136, 0, Read | Write, true)]
    [InlineData("pts/1048575", Char, 136, 1048575, Read | Write, true)]
    [InlineData("sda", Block, 8, 0, Read | Write, false)]
    [InlineData("sda, reading", Block, 8, 0, Read, false)]
    [InlineData("sda, making", Block, 8, 0, Make, true)]
    [InlineData("sda, making and writing", Block, 8, 0, Make | Write, false)]
    [InlineData("fuse", Char, 10, 229, Read | Write, false)]
    [InlineData("fuse, making", Char, 10, 229, Make, true)]
    [InlineData("mem", Char, 1, 1, Read, false)]
    [InlineData("kmsg", Char, 1, 11, Read, false)]
    [InlineData("port", Char, 1, 4, Write, false)]
    [InlineData("kvm", Char, 10, 232, Read | Write, false)]
    [InlineData("tty1", Char, 4, 1, Read | Write, false)]
    [InlineData("a block device with null's numbers", Block, 1, 3, Read, false)]
    [InlineData("nothing asked", Char, 10, 229, 0, true)]
    public void The_default_rules(string device, int type, int major, int minor, int access, bool allowed) =>
        Assert.True(allowed == IsAllowed(Rules(new ContainerSpec()), type, major, minor, access), device);

    [Theory]
    [InlineData(Block, 8, 0, Read | Write | Make)]
    [InlineData(Char, 10, 229, Read | Write)]
    [InlineData(Char, 1, 1, Read)]
    public void A_privileged_container_may_all(int type, int major, int minor, int access) =>
        Assert.True(IsAllowed(Rules(new ContainerSpec { Privileged = true }), type, major, minor, access));

    [Fact]
    public void The_last_rule_that_fits_decides()
    {
        OciDeviceRule[] rules = [new(true, "c", 1, 3, "rw"), new(false, "c", 1, 3, "w"), new(true, "b", null, 7)];
        Assert.True(IsAllowed(rules, Char, 1, 3, Read));
        Assert.False(IsAllowed(rules, Char, 1, 3, Write));
        Assert.True(IsAllowed(rules, Block, 200, 7, Read | Write | Make));
        Assert.False(IsAllowed(rules, Block, 200, 8, Read));
    }

    [Fact]
    public void Without_a_rule_all_is_denied() => Assert.False(IsAllowed([], Char, 1, 3, Read));

    private IReadOnlyList<OciDeviceRule> Rules(ContainerSpec spec) => Bundle.Describe(
        new string('a', 64), spec with { Command = ["true"] }, new RootFileSystem(root.Path, []), root.Path, "/layer").Linux.Resources.Devices!;

    private static bool IsAllowed(IReadOnlyList<OciDeviceRule> rules, int type, int major, int minor, int access)
    {
        var code = DeviceFilter.Compile(rules);
        // struct bpf_cgroup_dev_ctx, which register 1 points to.
        var context = new Dictionary<int, uint> { [0] = (uint)(type | (access << 16)), [4] = (uint)major, [8] = (uint)minor };
        var registers = new uint?[11];
        for (var at = 0; ; at++)
        {
            var instruction = code[at];
            int to = (int)(instruction >> 8) & 0xF, from = (int)(instruction >> 12) & 0xF;
            var offset = (short)(instruction >> 16);
            var value = (uint)(instruction >> 32);
            switch ((byte)instruction)
            {
                case 0x61: Assert.Equal(1, from); registers[to] = context[offset]; break;
                case 0x54: registers[to] = registers[to]!.Value & value; break;
                case 0x74: registers[to] = registers[to]!.Value >> (int)value; break;
                case 0xB4: registers[to] = value; break;
                case 0xBC: registers[to] = registers[from]!.Value; break;
                // Jumps only go forward: the program ends.
                case 0x55: Assert.True(offset >= 0); at += registers[to]!.Value != value ? offset : 0; break;
                case 0x5D: Assert.True(offset >= 0); at += registers[to]!.Value != registers[from]!.Value ? offset : 0; break;
                case 0x95: return registers[0]!.Value == 1;
                default: Assert.Fail($"Instruction 0x{instruction:X16} is not known."); break;
            }
        }
    }
}
