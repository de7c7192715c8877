using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>Where a command is executed, as whom, and with which rights.</summary>
public sealed class InvokeContainerCommandRightsTests(Machine machine) : CommandTest(machine)
{
    private const string Rights = "grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups)' /proc/self/status";

    [Fact]
    public void It_is_in_every_namespace_of_the_container()
    {
        var bird = StartBird();
        string[] names = [.. Directory.GetFiles("/proc/self/ns").Select(path => Path.GetFileName(path)!).Order()];

        var lines = Exec("", ["sh", "-c", "for name; do readlink /proc/self/ns/$name; done", "sh", .. names]);

        Assert.Equal(names.Select(name => new FileInfo($"/proc/{bird.Pid}/ns/{name}").LinkTarget), lines);
        Assert.Equal(lines, Exec("-Detach:$false -User bird", ["sh", "-c", "for name; do readlink /proc/self/ns/$name; done", "sh", .. names]));
    }

    [Fact]
    public void It_is_in_the_containers_control_group_in_every_hierarchy()
    {
        var bird = StartBird("-Memory 64MB -PidsLimit 50");

        Session.Run($"Invoke-ContainerCommand {Bird} -Detach sleep 301");

        var command = AwaitProcess(bird, "sleep 301");
        Assert.Equal(File.ReadAllText($"/proc/{bird.Pid}/cgroup"), File.ReadAllText($"/proc/{command}/cgroup"));
        Assert.Contains(bird.Id, File.ReadAllText($"/proc/{command}/cgroup"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "0 0 0")]
    [InlineData("", "-User bird", "1000 1001 1001 1002")]
    [InlineData("", "-User bird:root", "1000 0 0")]
    [InlineData("", "-User 7:8", "7 8 8")]
    [InlineData("", "-User 1000", "1000 1001 1001 1002")]
    [InlineData("-User bird", "", "1000 1001 1001 1002")]
    [InlineData("-User bird", "-User root", "0 0 0")]
    [InlineData("-User 7:8", "-User bird", "1000 1001 1001 1002")]
    public void It_runs_as_the_containers_user_or_another(string options, string execOptions, string expected)
    {
        StartBird(options);

        Assert.Equal([expected], Exec(execOptions, "sh", "-c", "echo $(id -u) $(id -g) $(id -G)"));
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("bird:nosuch")]
    [InlineData("bird:birds:x")]
    public void A_user_that_is_none(string user)
    {
        StartBird();

        Refuse(ContainerError.InvalidArgument, $"-User {user}", "id");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("-CapabilityAdd NET_ADMIN -CapabilityDrop CHOWN", "")]
    [InlineData("-CapabilityDrop ALL", "")]
    [InlineData("-Privileged", "")]
    [InlineData("-User bird", "")]
    [InlineData("-User bird", "-User bird")]
    public void Its_rights_are_those_of_the_containers_first_process(string options, string execOptions)
    {
        var bird = StartBird(options);

        Assert.Equal(RightsOf(bird.Pid!.Value), Exec(execOptions, "sh", "-c", Rights));
    }

    [Fact]
    public void Another_user_has_no_capabilities_and_root_gets_back_what_the_container_may_have()
    {
        var bird = StartBird("-User bird -CapabilityAdd NET_ADMIN");
        var bounding = RightsOf(bird.Pid!.Value).Single(line => line.StartsWith("CapBnd", StringComparison.Ordinal)).Split('\t')[1];

        Assert.Contains($"CapEff:\t{bounding}", Exec("-User root", "sh", "-c", Rights));
        Assert.Equal(4, Exec("-User bird", "sh", "-c", Rights).Count(line => line is "CapInh:\t0000000000000000" or "CapPrm:\t0000000000000000" or "CapEff:\t0000000000000000" or "CapAmb:\t0000000000000000"));
        Assert.Contains("NoNewPrivs:\t1", Exec("-User bird", "sh", "-c", Rights));
    }

    [Fact]
    public void Its_environment_is_the_containers_with_what_is_given_in_addition()
    {
        StartBird("-Environment A=1, B=2 -Hostname nest");

        Assert.Equal(["1 3 x y=z nest /root"], Exec("-Environment @{ B = 3; C = 'x y=z' }", "sh", "-c", "echo $A $B $C $HOSTNAME $HOME"));
        Assert.Equal(["1 2 /home"], Exec("-User bird", "sh", "-c", "echo $A $B $HOME"));
        Assert.Equal(["/tmp"], Exec("-User bird -Env HOME=/tmp", "sh", "-c", "echo $HOME"));
        // None of ours.
        Assert.Equal(["A", "B", "HOME", "HOSTNAME", "PATH"], Exec("", "sh", "-c", "env -u SHLVL -u PWD env | sed 's/=.*//' | sort"));
    }

    [Fact]
    public void It_starts_in_the_containers_folder_or_another()
    {
        StartBird("-WorkingDirectory /tmp");

        Assert.Equal(["/tmp"], Exec("", "pwd"));
        Assert.Equal(["/home"], Exec("-WorkingDirectory /home", "pwd"));
        Assert.Contains("/missing", Refuse(ContainerError.ContainerCommandFailed, "-WorkingDirectory /missing", "pwd").Exception.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/passwd", Refuse(ContainerError.ContainerCommandFailed, "-WorkingDirectory /etc/passwd", "pwd").Exception.Message, StringComparison.Ordinal);
        Refuse(ContainerError.InvalidArgument, "-WorkingDirectory home", "pwd");
    }

    [Fact]
    public void It_has_its_standard_streams_open_and_nothing_else()
    {
        var bird = StartBird();
        using var running = Session.Begin($"'x' | Invoke-ContainerCommand {Bird} sleep 301");

        var files = HostProcess.Files(AwaitProcess(bird, "sleep 301"));

        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.StartsWith("pipe:", file, StringComparison.Ordinal));
        running.Stop();
    }

    [Fact]
    public void Its_user_can_open_its_own_standard_streams()
    {
        StartBird();

        Assert.Equal(["x", "y"], Session.Run($"'x' | Invoke-ContainerCommand {Bird} -User bird -- sh -c 'cat /dev/stdin; echo y > /dev/stdout'").Lines);
    }

    private static string[] RightsOf(int pid) =>
        [.. File.ReadLines($"/proc/{pid}/status").Where(line => line.StartsWith("Cap", StringComparison.Ordinal) || line.Split(':')[0] is "NoNewPrivs" or "Seccomp" or "Groups")];
}
