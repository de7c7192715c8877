using System.Security.Cryptography;
using MyDocker.Processes;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>What is in the container works against whoever executes a command in it.</summary>
public sealed class ExecAttacks(Machine machine) : CommandTest(machine)
{
    [Theory(DisplayName = "ATTACKS: exec on a stopped container: every setns fails and the command runs on the host as root")]
    [InlineData("New-Container -Name {0} -RootFileSystem $rootfs sleep 300")]
    [InlineData("Invoke-Container -Name {0} -RootFileSystem $rootfs -Keep true")]
    [InlineData("New-Container -Name {0} -RootFileSystem $rootfs sleep 300 | Start-Container | Stop-Container")]
    public void Nothing_runs_for_a_container_that_does_not(string make)
    {
        Session.Run(string.Format(null, make, Bird));
        var touched = Path.Combine(Path.GetTempPath(), $"mydocker-exec-{Guid.NewGuid():N}");

        Refuse(ContainerError.ContainerNotRunning, "", "touch", touched);
        Refuse(ContainerError.ContainerNotRunning, "-Detach", "touch", touched);

        Assert.False(File.Exists(touched));
    }

    [Fact(DisplayName = "ATTACKS: exec on a container whose pid is a stranger's by now")]
    public void A_recycled_pid_is_never_joined()
    {
        var bird = StartBird();
        var container = ContainerStore.FromEnvironment().FindById(bird.Id);
        var state = container.ReadState()!;
        HostProcess.Kill(state.Monitor.Pid);
        HostProcess.Kill(bird.Pid!.Value);
        using var stranger = HostProcess.Sleep();
        try
        {
            container.WriteState(state with { Process = ProcessIdentity.TryRead(stranger.Id)! with { StartTime = 1 } });

            Refuse(ContainerError.ContainerNotRunning, "", "echo", "ran");
        }
        finally
        {
            stranger.Kill();
            stranger.WaitForExit();
        }
    }

    [Fact(DisplayName = "ATTACKS: 2019-5736 rewrite the runtime through /proc/self/exe")]
    public void The_helper_can_not_be_rewritten()
    {
        var helper = Path.Combine(Path.GetDirectoryName(typeof(ContainerStore).Assembly.Location)!, "linux-x64", "mydocker-runtime");
        Assert.SkipUnless(File.Exists(helper), "The helper is elsewhere on this architecture.");
        var before = SHA256.HashData(File.ReadAllBytes(helper));
        var bird = StartReady(Bird, """
            printf '#!/proc/self/exe\n' > /script; chmod +x /script; ln -s /proc/self/exe /link; echo ready
            while :; do for process in /proc/[0-9]*; do { echo x > $process/exe && echo overwritten; } 2> /dev/null; done; done
            """);

        for (var round = 0; round < 50; round++)
            Session.Try(Line(""), round % 2 == 0 ? "/script" : "/link");
        // In the container the helper is just a program; one that stays for a while can be opened at leisure.
        Session.Run($"Invoke-ContainerCommand {Bird} -Detach /link reap /bin/sleep sleep 0.5");
        AwaitProcess(bird, "reap /bin/sleep");
        var writing = Exec("", "sh", "-c", """
            for process in /proc/[0-9]*; do grep -q reap $process/cmdline && exec 3< $process/exe && readlink /proc/self/fd/3 && break; done
            while readlink $process/exe; do sleep 0.05; done > /dev/null
            { echo x >> /proc/self/fd/3 || echo no; dd if=/dev/zero of=/proc/self/fd/3 bs=1 count=1 conv=notrunc || echo no; true > /proc/self/fd/3 || echo no; } 2> /dev/null
            """);

        Assert.StartsWith("/memfd:", writing[0], StringComparison.Ordinal);
        Assert.Equal(["no", "no", "no"], writing[1..]);
        Assert.DoesNotContain("overwritten", File.ReadAllText(bird.LogPath), StringComparison.Ordinal);
        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(helper)));
    }

    [Fact(DisplayName = "ATTACKS: 2024-21626 leaked host fd, cwd=/proc/self/fd/N")]
    public void No_descriptor_leads_outside()
    {
        StartBird();
        Exec("", "sh", "-c", "ln -s /proc/self/fd/7 /link; ln -s /proc/self/cwd /cwd");
        string[] ways = [.. Enumerable.Range(0, 20).Select(number => $"/proc/self/fd/{number}"), "/link", "/cwd", "/proc/self/root", "/proc/thread-self/cwd"];

        foreach (var way in ways)
        {
            var outcome = Session.Try($"Invoke-ContainerCommand {Bird} -WorkingDirectory {way} -- sh -c 'test -e ../../../..{RootFileSystem} && echo outside'");

            Assert.Empty(outcome.Output);
            Assert.All(outcome.Errors, error => Assert.StartsWith(nameof(ContainerError.ContainerCommandFailed), error.FullyQualifiedErrorId, StringComparison.Ordinal));
        }
    }

    [Theory(DisplayName = "ATTACKS: 2022-29162 inheritable capabilities not empty")]
    [InlineData("")]
    [InlineData("-User bird")]
    public void Inheritable_and_ambient_capabilities_are_empty(string options)
    {
        StartBird("-CapabilityAdd NET_ADMIN");

        Assert.Equal(
            ["CapInh:\t0000000000000000", "CapAmb:\t0000000000000000"],
            Exec(options, "grep", "-E", "CapInh|CapAmb", "/proc/self/status"));
    }

    [Theory(DisplayName = "ATTACKS: 2024-9676 /etc/passwd is a FIFO or symlink, the runtime hangs")]
    [InlineData("mkfifo /etc/passwd")]
    [InlineData("mkfifo /fifo; ln -s /fifo /etc/passwd")]
    [InlineData("ln -s /dev/zero /etc/passwd")]
    [InlineData("ln -s /proc/self/fd/0 /etc/passwd")]
    [InlineData("ln -s /dev/pts/ptmx /etc/passwd")]
    [InlineData("ln -s passwd /etc/passwd")]
    [InlineData("mkdir /etc/passwd")]
    [InlineData("truncate -s 8G /etc/passwd")]
    public void Whatever_the_account_file_is(string make)
    {
        StartBird();
        Exec("", "sh", "-c", $"rm /etc/passwd /etc/group; {make}; mkfifo /etc/group");
        var time = System.Diagnostics.Stopwatch.StartNew();

        Refuse(ContainerError.InvalidArgument, "-User bird", "id");
        Assert.Equal(["Uid:\t1000\t1000\t1000\t1000"], Exec("-User 1000:1000", "grep", "Uid:", "/proc/self/status"));
        Assert.Equal(["Uid:\t0\t0\t0\t0"], Exec("", "grep", "Uid:", "/proc/self/status"));

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact(DisplayName = "ATTACKS: 2026-30892 user string parsed to the wrong user")]
    public void A_number_is_nothing_but_a_number()
    {
        StartBird();

        foreach (var user in (string[])["+0", "-1", " 0", "0 ", "0x0", "4294967295", "4294967296", "18446744073709551616", "1e3", "٠", ":0", "0:", "0:0:0", "root\n", "0\n", "root ", "Root"])
            Session.Fail(ContainerError.InvalidArgument, $"Invoke-ContainerCommand {Bird} -User $args[0] id", user);
    }

    [Theory(DisplayName = "ATTACKS: 2019-19921 /proc is a symlink or volume, so security writes are faked; 2025-52881 racing mounts misdirect the runtime's /proc writes")]
    [InlineData("mount -t tmpfs none /proc; echo ready; exec sleep 300")]
    [InlineData("umount /proc; echo ready; exec sleep 300")]
    [InlineData("echo ready; while :; do mount -t tmpfs none /proc; umount /proc; done")]
    public void Rights_do_not_depend_on_the_containers_proc(string script)
    {
        // Joining writes nothing below /proc, the container's least of all: rights are taken on by system calls.
        var bird = StartReady(Bird, script, "-CapabilityAdd SYS_ADMIN");

        for (var round = 0; round < 20; round++)
        {
            using var running = Session.Begin($"Invoke-ContainerCommand {Bird} -User bird -- sh -c 'sleep 301; true'");
            var command = AwaitProcess(bird, "sleep 301");
            var rights = File.ReadAllLines($"/proc/{command}/status");
            Assert.Contains("CapEff:\t0000000000000000", rights);
            Assert.Contains("NoNewPrivs:\t1", rights);
            Assert.Contains(rights, line => line.StartsWith("Uid:\t1000\t1000", StringComparison.Ordinal));
            running.Stop();
        }
    }

    [Theory(DisplayName = "ATTACKS: 2025-31133 container's /dev/null replaced, its stand-in becomes a standard stream")]
    [InlineData("ln -s /etc/passwd /dev/null")]
    [InlineData("mkfifo /dev/null")]
    [InlineData("echo x > /dev/null")]
    [InlineData("true")]
    public void A_null_device_that_is_none(string make)
    {
        StartBird();
        Exec("", "sh", "-c", $"rm /dev/null; {make}");

        Assert.Contains("/dev/null", Refuse(ContainerError.ContainerCommandFailed, "", "true").Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["x"], Session.Run($"'x' | Invoke-ContainerCommand {Bird} cat").Lines);
    }

    [Fact(DisplayName = "ATTACKS: a container that stops every process it sees holds up who executes a command, and then who stops it")]
    public void It_can_be_stopped_all_the_same()
    {
        var bird = StartReady(Bird, "echo ready; while :; do kill -STOP -1; done");
        for (var round = 0; round < 5; round++)
        {
            using var session = NewSession();
            using var running = session.Begin($"Invoke-ContainerCommand {Bird} sleep 301");
            Eventually.True(() => running.IsCompleted || OthersIn(bird).Length > 0);
            running.Stop();
        }

        using var other = NewSession();
        using var held = other.Begin($"Invoke-ContainerCommand {Bird} sleep 301");
        Eventually.True(() => OthersIn(bird).Length > 0);
        var time = System.Diagnostics.Stopwatch.StartNew();
        Session.Run($"Remove-Container {Bird} -Force");

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
        held.Wait();
    }
}
