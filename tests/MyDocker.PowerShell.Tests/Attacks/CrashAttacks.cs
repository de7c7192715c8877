using Mono.Unix.Native;
using MyDocker.Processes;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed class CrashAttacks(Machine machine) : ContainerTest(machine)
{
    [Theory(DisplayName = "ATTACKS: a crashed container stays \"running\" and can't be removed (ESRCH returns early)")]
    [InlineData("Get-Container {0}", ContainerStatus.Exited)]
    [InlineData("Stop-Container {0}", ContainerStatus.Exited)]
    [InlineData("Wait-Container {0}", ContainerStatus.Exited)]
    [InlineData("Start-Container {0}", ContainerStatus.Running)]
    [InlineData("Restart-Container {0}", ContainerStatus.Running)]
    public void Nobody_saw_it_end(string command, ContainerStatus expected)
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        HostProcess.Kill(HostProcess.MonitorOf(bird));
        HostProcess.Kill(bird.Pid!.Value);

        var seen = Session.Run(string.Format(null, command, bird.Name)).Container;

        Assert.Equal((expected, expected == ContainerStatus.Exited ? StopReason.Lost : StopReason.None, null), (seen.Status, seen.StopReason, seen.ExitCode));
        Session.Run($"Remove-Container {bird.Name} -Force");
        Assert.Empty(HostCgroup.Of(bird.Id));
        Assert.False(Directory.Exists(bird.BundlePath));
    }

    [Fact(DisplayName = "ATTACKS: a crashed container can be removed, and nothing stays")]
    public void It_can_be_removed_without_force()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        HostProcess.Kill(HostProcess.MonitorOf(bird));
        HostProcess.Kill(bird.Pid!.Value);

        Session.Run($"Remove-Container {bird.Name}");

        Assert.Empty(HostCgroup.Of(bird.Id));
        Assert.False(Directory.Exists(bird.BundlePath));
    }

    [Fact(DisplayName = "ATTACKS: the monitor alone is killed; the container runs on, and can be stopped")]
    public void The_monitor_is_killed()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        HostProcess.Kill(HostProcess.MonitorOf(bird));

        Assert.Equal((ContainerStatus.Running, bird.Pid), Get(bird.Name) is var now ? (now.Status, now.Pid) : default);
        var stopped = Session.Run($"Stop-Container {bird.Name}").Container;

        Assert.Equal((ContainerStatus.Stopped, StopReason.Lost), (stopped.Status, stopped.StopReason));
        Assert.False(HostProcess.IsAlive(bird.Pid!.Value));
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact(DisplayName = "ATTACKS: a zombie counts as alive (late reaping)")]
    public void A_zombie_is_dead()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        var monitor = HostProcess.MonitorOf(bird);
        HostProcess.Signal(monitor, Signum.SIGSTOP);
        try
        {
            HostProcess.Signal(bird.Pid!.Value, Signum.SIGKILL);
            Eventually.True(() => ProcessStat.TryRead(bird.Pid.Value)?.State == 'Z');

            Assert.NotEqual(ContainerStatus.Running, Get(bird.Name).Status);
        }
        finally
        {
            HostProcess.Signal(monitor, Signum.SIGCONT);
        }

        Assert.Equal((ContainerStatus.Exited, 137), Session.Run($"Wait-Container {bird.Name}").Container is var ended ? (ended.Status, ended.ExitCode) : default);
    }

    [Fact(DisplayName = "ATTACKS: a zombie that nobody reaps counts as alive")]
    public void A_zombie_without_a_monitor_is_dead()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        var container = ContainerStore.FromEnvironment().FindById(bird.Id);
        var state = container.ReadState()!;
        // Its monitor can't reap it, and the state file is made to say that there is none.
        HostProcess.Signal(state.Monitor.Pid, Signum.SIGSTOP);
        try
        {
            HostProcess.Signal(bird.Pid!.Value, Signum.SIGKILL);
            Eventually.True(() => ProcessStat.TryRead(bird.Pid.Value)?.State == 'Z');
            container.WriteState(state with { Monitor = state.Monitor with { StartTime = 1 } });

            Assert.Equal((ContainerStatus.Exited, StopReason.Lost), Get(bird.Name) is var now ? (now.Status, now.StopReason) : default);
        }
        finally
        {
            container.WriteState(state);
            HostProcess.Signal(state.Monitor.Pid, Signum.SIGCONT);
        }
    }

    [Fact(DisplayName = "ATTACKS: the monitor is killed at any moment of a start")]
    public async Task The_monitor_is_killed_while_it_starts_a_container()
    {
        var bird = Create(Name("bird"), "", "sleep", "300");
        for (var round = 0; round < 30; round++)
        {
            using var other = NewSession();
            using var starting = other.Begin($"Start-Container {bird.Name}");
            var monitor = await Task.Run(() => FindMonitor(bird.Id, starting), TestContext.Current.CancellationToken);
            Thread.Sleep(TimeSpan.FromMilliseconds(round * 0.7));
            if (monitor is { } pid)
                HostProcess.Kill(pid);
            _ = starting.Wait();

            var seen = Get(bird.Name);
            if (seen.Status.IsAlive())
                Assert.True(HostProcess.IsAlive(seen.Pid!.Value));
            var stopped = Session.Run($"Stop-Container {bird.Name} -Force").Container;
            Assert.False(stopped.Status.IsAlive());
            if (seen.Pid is { } process)
                Assert.False(HostProcess.IsAlive(process));
        }

        Assert.Equal(ContainerStatus.Running, Session.Run($"Start-Container {bird.Name}").Container.Status);
        Session.Run($"Remove-Container {bird.Name} -Force");
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact(DisplayName = "ATTACKS: foreground client killed: container lives on unmanaged, mount leaks")]
    public void The_client_is_killed()
    {
        var name = Name("bird");
        using var client = OtherSession.Start($"Invoke-Container -Name {name} -RootFileSystem $rootfs -- sh -c 'echo ready; exec sleep 300'", RootFileSystem);
        Assert.Equal("ready", client.StandardOutput.ReadLine());
        client.Kill();
        client.WaitForExit();

        var bird = Get(name);
        Assert.Equal(ContainerStatus.Running, bird.Status);
        Assert.True(HostProcess.IsAlive(HostProcess.MonitorOf(bird)));
        HostProcess.Kill(bird.Pid!.Value);

        Eventually.True(() => !Directory.Exists(bird.BundlePath));
        Eventually.True(() => HostCgroup.Of(bird.Id).Length == 0);
    }

    [Fact(DisplayName = "ATTACKS: cgroup destroyed while the detached container lives; nobody waits, exit code lost")]
    public void The_session_ends_before_the_container()
    {
        var name = Name("bird");
        OtherSession.Run($"New-Container -Name {name} -RootFileSystem $rootfs -Memory 64MB -- sh -c 'trap ''exit 42'' TERM; while :; do sleep 0.1; done' | Start-Container", RootFileSystem);

        var bird = Get(name);
        Assert.NotEmpty(HostCgroup.Of(bird.Id));
        Assert.Contains(bird.Id, File.ReadAllText($"/proc/{bird.Pid}/cgroup"), StringComparison.Ordinal);
        Eventually.True(() => SignalState.TryRead(bird.Pid!.Value)?.WouldDiscardAsInit(Signum.SIGTERM) == false, "the trap is set");
        HostProcess.Signal(bird.Pid!.Value, Signum.SIGTERM);

        Assert.Equal("42", OtherSession.Run($"(Wait-Container {name}).ExitCode", RootFileSystem));
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact(DisplayName = "ATTACKS: overlay mount leak")]
    public void The_host_sees_no_mount()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        Assert.DoesNotContain(bird.Id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        Assert.Contains(bird.Id, File.ReadAllText($"/proc/{bird.Pid}/mountinfo"), StringComparison.Ordinal);

        HostProcess.Kill(HostProcess.MonitorOf(bird));
        HostProcess.Kill(bird.Pid!.Value);

        Assert.DoesNotContain(bird.Id, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private static int? FindMonitor(string id, RunningScript starting)
    {
        while (!starting.IsCompleted)
        {
            foreach (var path in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
            {
                try
                {
                    if (File.ReadAllText($"{path}/cmdline").Split('\0') is [_, "monitor", _, var monitored, ..] && monitored == id)
                        return int.Parse(Path.GetFileName(path), null);
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
        }

        return null;
    }
}
