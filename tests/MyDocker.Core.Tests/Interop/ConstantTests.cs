using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MyDocker.Helper.Init;
using MyDocker.Interop;

namespace MyDocker.Tests.Interop;

/// <summary>
/// Every constant that is spelled as in the man page, private ones too, has the value that the C headers give it. The list is
/// read from our own assemblies: a new constant is checked from the moment it is written.
/// </summary>
public partial class ConstantTests
{
    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Ours that C spells otherwise.</summary>
    private static readonly Dictionary<string, string> Spelling = new()
    {
        ["CapabilityVersion3"] = "_LINUX_CAPABILITY_VERSION_3",
        ["FileActionsSize"] = "sizeof(posix_spawn_file_actions_t)",
        ["AttributesSize"] = "sizeof(posix_spawnattr_t)",
        ["UsedSize"] = "CMSG_LEN(sizeof(int))",
        // Instructions of the device filter, put together from the parts that linux/bpf.h names.
        ["LDX_W"] = "BPF_LDX | BPF_MEM | BPF_W",
        ["ALU_AND_K"] = "BPF_ALU | BPF_AND | BPF_K",
        ["ALU_RSH_K"] = "BPF_ALU | BPF_RSH | BPF_K",
        ["MOV_K"] = "BPF_ALU | BPF_MOV | BPF_K",
        ["MOV_X"] = "BPF_ALU | BPF_MOV | BPF_X",
        ["JNE_K"] = "BPF_JMP | BPF_JNE | BPF_K",
        ["JNE_X"] = "BPF_JMP | BPF_JNE | BPF_X",
        ["EXIT"] = "BPF_JMP | BPF_EXIT",
    };

    private static readonly Dictionary<string, string> SyscallSpelling = new()
    {
        ["CloneThree"] = "SYS_clone3",
        ["PidfdSendSignal"] = "SYS_pidfd_send_signal",
        ["PidfdOpen"] = "SYS_pidfd_open",
        ["CloseRange"] = "SYS_close_range",
        ["OpenAt2"] = "SYS_openat2",
        ["MountSetAttr"] = "SYS_mount_setattr",
        ["SetResUid"] = "SYS_setresuid",
        ["SetResGid"] = "SYS_setresgid",
        ["SetGroups"] = "SYS_setgroups",
        ["PivotRoot"] = "SYS_pivot_root",
        ["CapSet"] = "SYS_capset",
        ["Bpf"] = "SYS_bpf",
        ["GetDirectoryEntries"] = "SYS_getdents64",
        ["KeyCtl"] = "SYS_keyctl",
    };

    [Fact]
    public void Constants_have_the_values_of_the_headers()
    {
        var types = new[] { typeof(Files).Assembly, typeof(CommandLookup).Assembly }.SelectMany(assembly => assembly.GetTypes()).Where(IsOurs);
        var ours = types.SelectMany(Constants).Where(constant => IsManPageSpelling().IsMatch(constant.Name) || Spelling.ContainsKey(constant.Name)).ToList();
        Assert.True(ours.Count > 120, $"Only {ours.Count} constants were found.");
        Assert.Empty(Spelling.Keys.Except(ours.Select(constant => constant.Name)));

        AssertSame([.. ours.Select(constant => (constant.Where, constant.Value, Spelling.GetValueOrDefault(constant.Name, constant.Name)))]);
    }

    [Fact]
    public void System_calls_have_the_numbers_of_this_architecture() => AssertSame(
        [.. Constants(typeof(SyscallNumbers)).Select(call => (call.Where, call.Value, SyscallSpelling[call.Name]))]);

    [Fact]
    public void Capabilities_are_listed_in_the_order_of_their_numbers() => AssertSame(
        [.. Capabilities.All.Select((name, number) => (name, (long)number, name))]);

    [Fact]
    public void Resource_limits_are_listed_in_the_order_of_their_numbers()
    {
        var names = (string[])typeof(ResourceLimits).GetField("Names", Everything)!.GetValue(null)!;
        AssertSame([.. names.Select((name, number) => (name, (long)number, name))]);
    }

    private static void AssertSame(List<(string Where, long Value, string Expression)> ours)
    {
        var native = NativeValues.Of(ours.Select(constant => constant.Expression));
        Assert.Equal(
            ours.Zip(native, (constant, value) => $"{constant.Where} = {value}"),
            ours.Select(constant => $"{constant.Where} = {constant.Value}"));
    }

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("MyDocker", StringComparison.Ordinal) == true && !type.IsEnum;

    /// <summary>Constants, and the properties in place of those that differ between architectures.</summary>
    private static IEnumerable<(string Name, string Where, long Value)> Constants(Type type)
    {
        var constants = type.GetFields(Everything).Where(field => field.IsLiteral).Select(field => (field.Name, Value: field.GetRawConstantValue()));
        var properties = type.GetProperties(Everything).Select(property => (property.Name, property.PropertyType))
            .Where(property => property.PropertyType == typeof(int) || property.PropertyType == typeof(nint))
            .Select(property => (property.Name, Value: type.GetProperty(property.Name, Everything)!.GetValue(null)));
        return constants.Concat(properties)
            .Where(constant => constant.Value is not (null or string or bool or double))
            .Select(constant => (constant.Name, $"{type.Name}.{constant.Name}", Number(constant.Value!)));
    }

    private static long Number(object value) => value switch
    {
        nint number => number,
        nuint number => (long)number,
        ulong number => unchecked((long)number),
        char letter => letter,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$")]
    private static partial Regex IsManPageSpelling();
}
