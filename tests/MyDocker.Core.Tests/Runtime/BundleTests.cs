using MyDocker.Interop;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Runtime;

public sealed class BundleTests : IDisposable
{
    private static readonly string Id = new string('0', 11) + "1" + new string('2', 52);

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void Namespaces_are_all_six_or_five_with_the_hosts_network()
    {
        string[] five = ["cgroup", "ipc", "mount", "pid", "uts"];
        Assert.Equal(five.Append("network").Order(), Describe(new()).Linux.Namespaces.Select(item => item.Type).Order());
        Assert.Equal(five, Describe(new() { Network = ContainerNetworkMode.Host }).Linux.Namespaces.Select(item => item.Type).Order());
        Assert.All(Describe(new()).Linux.Namespaces, item => Assert.Null(item.Path));
    }

    [Fact]
    public void The_root_is_an_overlay_and_the_first_mount()
    {
        var bundle = Describe(new());
        var overlay = bundle.Mounts[0];
        Assert.Equal(("/", "overlay"), (overlay.Destination, overlay.Type));
        Assert.Equal([$"lowerdir={root.Path}", "upperdir=/state/layer/upper", "workdir=/state/layer/work"], overlay.Options);
        Assert.Equal(new OciRoot(Bundle.RootFolder), bundle.Root);
        Assert.True(Describe(new() { ReadOnly = true }).Root.Readonly);
    }

    [Fact]
    public void System_mounts_come_in_an_order_that_works_and_then_the_users()
    {
        var bundle = Describe(new()
        {
            Mounts =
            [
                new ContainerMount(ContainerMountKind.Bind, "/srv/data", "/data"),
                new ContainerMount(ContainerMountKind.Bind, "/srv/data", "/safe", ReadOnly: true),
                new ContainerMount(ContainerMountKind.Tmpfs, null, "/scratch", Options: ["size=64m"]),
            ],
        });
        Assert.Equal(
            ["/", "/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup", "/data", "/safe", "/scratch"],
            bundle.Mounts.Select(mount => mount.Destination));
        Assert.Equal(["rbind", "rprivate", "rw"], bundle.Mounts[8].Options);
        Assert.Equal(["rbind", "rprivate", "ro", "rro"], bundle.Mounts[9].Options);
        Assert.Equal(["nosuid", "nodev", "size=64m"], bundle.Mounts[10].Options);
    }

    [Theory]
    [InlineData("/sys")]
    [InlineData("/sys/fs/cgroup")]
    [Trait("Attack", "CVE-2023-25809: writable /sys/fs/cgroup")]
    public void System_folders_are_read_only_unless_privileged(string path)
    {
        Assert.Contains("ro", Describe(new()).Mounts.Single(mount => mount.Destination == path).Options!);
        Assert.Contains("rw", Describe(new() { Privileged = true }).Mounts.Single(mount => mount.Destination == path).Options!);
    }

    [Fact]
    [Trait("Attack", "CVE-2022-29162: inheritable capabilities not empty")]
    public void Capabilities_are_never_inheritable()
    {
        foreach (var spec in (ContainerSpec[])[new(), new() { Privileged = true }, new() { CapabilityAdd = ["ALL"] }, new() { User = "5" }])
        {
            var capabilities = Describe(spec).Process.Capabilities!;
            Assert.Empty(capabilities.Inheritable ?? []);
            Assert.Empty(capabilities.Ambient ?? []);
            Assert.Equal(Capabilities.Of(spec), capabilities.Bounding);
        }
    }

    [Fact]
    public void Another_user_than_root_holds_none_as_execve_would_take_them()
    {
        var capabilities = Describe(new() { User = "5", CapabilityAdd = ["NET_ADMIN"] }).Process.Capabilities!;
        Assert.Empty(capabilities.Effective);
        Assert.Empty(capabilities.Permitted);
        Assert.Contains("CAP_NET_ADMIN", capabilities.Bounding);
    }

    [Fact]
    public void New_privileges_and_kernel_files_are_kept_from_all_but_the_privileged()
    {
        var bundle = Describe(new());
        Assert.True(bundle.Process.NoNewPrivileges);
        Assert.Contains("/proc/kcore", bundle.Linux.MaskedPaths!);
        Assert.Contains("/proc/sys", bundle.Linux.ReadonlyPaths!);
        var privileged = Describe(new() { Privileged = true });
        Assert.False(privileged.Process.NoNewPrivileges);
        Assert.Null(privileged.Linux.MaskedPaths);
        Assert.Null(privileged.Linux.ReadonlyPaths);
    }

    [Fact]
    [Trait("Attack", "argv joined and split on spaces")]
    public void The_command_is_taken_as_it_is()
    {
        string[] command = ["sh", "-c", "echo \"$1\"", "", "a b", "a\nb", "vögel 🐦", "'\""];
        Assert.Equal(command, Describe(new() { Command = command }).Process.Args);
    }

    [Fact]
    public void The_environment_has_defaults_that_can_be_replaced()
    {
        Assert.Equal(
            ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", $"HOSTNAME={Id[..12]}", "HOME=/root"], Describe(new()).Process.Env);
        var own = Describe(new() { Terminal = true, Hostname = "nest", Environment = new Dictionary<string, string> { ["HOME"] = "/x", ["A"] = "b=c d" } });
        Assert.Equal(["HOSTNAME=nest", "HOME=/x", "TERM=xterm", "A=b=c d"], own.Process.Env.Skip(1));
    }

    [Fact]
    public void Limits_are_translated()
    {
        var none = Describe(new()).Linux.Resources;
        Assert.Null(none.Memory);
        Assert.Null(none.Cpu);
        Assert.Null(none.Pids);

        var some = Describe(new() { Limits = new ContainerLimits { Memory = 64 << 20, Cpus = 0.5, CpuShares = 512, CpuSet = "0", PidsLimit = 20 } }).Linux.Resources;
        Assert.Equal(new OciMemory(64 << 20, 128 << 20), some.Memory);
        Assert.Equal(new OciCpu { Shares = 512, Quota = 50_000, Period = 100_000, Cpus = "0" }, some.Cpu);
        Assert.Equal(new OciPids(20), some.Pids);
    }

    [Fact]
    public void Our_own_init_is_an_annotation()
    {
        Assert.DoesNotContain(Bundle.InitAnnotation, Describe(new()).Annotations!.Keys);
        Assert.Equal("true", Describe(new() { Init = true }).Annotations![Bundle.InitAnnotation]);
    }

    [Theory]
    [InlineData("/plain", "/plain")]
    [InlineData("/a:b", "/a\\:b")]
    [InlineData("/a,b", "/a\\,b")]
    [InlineData("/a\\b", "/a\\\\b")]
    [InlineData("/a\\:b", "/a\\\\\\:b")]
    public void Overlay_paths_are_escaped(string path, string expected) => Assert.Equal(expected, Bundle.EscapeOverlayPath(path));

    [Theory]
    [InlineData("plain")]
    [InlineData("a:b")]
    [InlineData("a,b")]
    [InlineData("a\\b")]
    [InlineData("a\\:b,c\\\\d, upperdir=e")]
    public void The_kernel_reads_the_overlay_paths_as_we_mean_them(string name)
    {
        Require.Root();
        foreach (var part in (string[])["lower", "layer/upper", "layer/work", "mounted"])
            Directory.CreateDirectory(root[$"{name}/{part}"]);
        File.WriteAllText(root[$"{name}/lower/below"], "from below");
        var overlay = Bundle.Describe(
            Id, new() { Command = ["true"] }, new RootFileSystem(root[$"{name}/lower"], []), root[$"{name}/lower"], root[$"{name}/layer"]).Mounts[0];

        var errno = Mounting.TryMount("overlay", root[$"{name}/mounted"], "overlay", 0, string.Join(',', overlay.Options!));
        Assert.SkipWhen(name == "plain" && errno != 0, $"Needs the right to mount an overlay over the temporary folder (errno {errno}).");
        Assert.Equal(0, errno);
        try
        {
            Assert.Equal("from below", File.ReadAllText(root[$"{name}/mounted/below"]));
            File.WriteAllText(root[$"{name}/mounted/above"], "from above");
        }
        finally
        {
            Mounting.Detach(root[$"{name}/mounted"]);
        }

        Assert.Equal("from above", File.ReadAllText(root[$"{name}/layer/upper/above"]));
    }

    private OciSpec Describe(ContainerSpec spec) => Bundle.Describe(
        Id, spec.Command.Count > 0 ? spec : spec with { Command = ["true"] }, new RootFileSystem(root.Path, []), root.Path, "/state/layer");
}
