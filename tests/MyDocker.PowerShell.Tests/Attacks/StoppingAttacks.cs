using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed class StoppingAttacks(Machine machine) : ContainerTest(machine)
{
    private const string Stubborn = "trap : TERM; echo ready; while :; do sleep 0.1; done";

    [Fact(DisplayName = "ATTACKS: SIGTERM sent, status written as stopped without waiting; never SIGKILL")]
    public void Stop_waits_and_records_what_happened()
    {
        var polite = StartReady(Name("polite"), "trap 'sleep 0.5; exit 3' TERM; echo ready; while :; do sleep 0.1; done");
        var stubborn = StartReady(Name("stubborn"), Stubborn);

        var stopped = Session.Run($"Stop-Container {All} -Timeout 2").Containers.ToDictionary(info => info.Name);

        Assert.Equal((ContainerStatus.Stopped, StopReason.Exited, 3), End(stopped[polite.Name]));
        Assert.Equal((ContainerStatus.Stopped, StopReason.Killed, 137), End(stopped[stubborn.Name]));
        Assert.False(HostProcess.IsAlive(polite.Pid!.Value));
        Assert.False(HostProcess.IsAlive(stubborn.Pid!.Value));
        Assert.True(stopped[polite.Name].FinishedAt - polite.StartedAt > TimeSpan.FromSeconds(0.5));
    }

    [Theory(DisplayName = "ATTACKS: PID 1 drops SIGTERM, stop takes 10 s")]
    [InlineData("exec sleep 300")]
    [InlineData("trap '' TERM; while :; do sleep 1; done")]
    public void A_signal_that_would_be_discarded_is_not_waited_for(string script)
    {
        var bird = StartReady(Name("bird"), $"echo ready; {script}");
        Thread.Sleep(200);

        var time = Stopwatch.StartNew();
        var stopped = Session.Run($"Stop-Container {bird.Name}").Container;

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal((ContainerStatus.Stopped, StopReason.UndeliverableSignal, 137), End(stopped));
    }

    [Fact(DisplayName = "ATTACKS: lock held during the grace period, ps hangs")]
    public void Others_are_answered_while_a_stop_waits()
    {
        var bird = StartReady(Name("bird"), Stubborn);
        using var other = NewSession();
        using var stopping = other.Begin($"Stop-Container {bird.Name} -Timeout 300");
        Eventually.True(() => Get(bird.Name).Status == ContainerStatus.Stopping);

        var time = Stopwatch.StartNew();
        Session.Fail(ContainerError.ContainerRunning, $"Remove-Container {bird.Name}");
        Session.Run($"Rename-Container {bird.Name} {Name("robin")}");
        Assert.Equal(ContainerStatus.Stopping, Get(Name("robin")).Status);

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 3);
        Assert.False(stopping.IsCompleted);
        Session.Run($"Stop-Container {Name("robin")} -Force");
        Assert.Equal(StopReason.Killed, stopping.Wait().Container.StopReason);
    }

    [Fact(DisplayName = "ATTACKS: stuck in \"stopping\"")]
    public void Stopping_can_be_taken_up_again_after_the_stopper_was_killed()
    {
        var bird = StartReady(Name("bird"), Stubborn);
        using var other = OtherSession.Start($"Stop-Container {bird.Name} -Timeout 300", RootFileSystem);
        Eventually.True(() => Get(bird.Name).Status == ContainerStatus.Stopping);
        other.Kill();
        other.WaitForExit();

        Assert.Equal(ContainerStatus.Stopping, Get(bird.Name).Status);
        Assert.Equal((ContainerStatus.Stopped, StopReason.Killed, 137), End(Session.Run($"Stop-Container {bird.Name} -Timeout 1").Container));
        Assert.Equal(ContainerStatus.Running, Session.Run($"Start-Container {bird.Name}").Container.Status);
    }

    [Fact(DisplayName = "ATTACKS: D state")]
    public void A_process_that_outlives_SIGKILL_is_told_and_never_recorded_as_stopped()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/freezer"), "Only a v1 freezer keeps a process from dying of SIGKILL.");
        var bird = Start(Name("bird"), "", "sleep", "300");
        var freezer = Directory.CreateDirectory($"/sys/fs/cgroup/freezer/mydocker-tests-{bird.Id[..12]}").FullName;
        try
        {
            File.WriteAllText($"{freezer}/cgroup.procs", $"{bird.Pid}");
            File.WriteAllText($"{freezer}/freezer.state", "FROZEN");

            var time = Stopwatch.StartNew();
            var error = Session.Fail(ContainerError.ContainerStopTimeout, $"Stop-Container {bird.Name} -Timeout 0");

            Assert.InRange(time.Elapsed.TotalSeconds, 5, 20);
            Assert.Contains($"{bird.Pid}", error.ToString(), StringComparison.Ordinal);
            Assert.Equal((ContainerStatus.Stopping, bird.Pid), Get(bird.Name) is var now ? (now.Status, now.Pid) : default);
        }
        finally
        {
            File.WriteAllText($"{freezer}/freezer.state", "THAWED");
            Eventually.True(() => !HostProcess.IsAlive(bird.Pid!.Value));
            Directory.Delete(freezer);
        }

        Assert.Equal((ContainerStatus.Stopped, StopReason.Killed, 137), End(Session.Run($"Stop-Container {bird.Name}").Container));
    }

    [Fact(DisplayName = "ATTACKS: ten containers, half of which survive SIGTERM, take one grace period")]
    public void One_grace_period_for_all()
    {
        for (var i = 0; i < 5; i++)
        {
            Start(Name($"meek{i}"), "", "sleep", "300");
            StartReady(Name($"stubborn{i}"), Stubborn);
        }

        var time = Stopwatch.StartNew();
        var stopped = Session.Run($"Get-Container {All} | Where-Object Status -eq running | Stop-Container -Timeout 3").Containers;

        Assert.InRange(time.Elapsed.TotalSeconds, 2.9, 7);
        Assert.Equal(5, stopped.Count(info => info.StopReason == StopReason.UndeliverableSignal));
        Assert.Equal(5, stopped.Count(info => info.StopReason == StopReason.Killed));
    }

    [Fact(DisplayName = "ATTACKS: leftovers with a shared pid namespace; cgroup EBUSY")]
    public void The_whole_control_group_goes_with_what_others_put_into_it()
    {
        var bird = StartReady(Name("bird"), "(sleep 300 &); (setsid sleep 300 &); echo ready; exec sleep 300");
        using var stranger = HostProcess.Sleep();
        foreach (var group in HostCgroup.Of(bird.Id))
        {
            var below = Directory.CreateDirectory($"{group}/below/further");
            if (!group.Contains("/cpuset/", StringComparison.Ordinal))
                File.WriteAllText($"{below}/cgroup.procs", $"{stranger.Id}");
        }

        Session.Run($"Stop-Container {bird.Name}");

        Assert.Empty(HostCgroup.Of(bird.Id));
        Assert.True(stranger.WaitForExit(5000));
    }

    private static (ContainerStatus, StopReason, int?) End(ContainerInfo container) => (container.Status, container.StopReason, container.ExitCode);
}
