using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>PowerShell.Stop() is what Ctrl-C does.</summary>
public sealed class CtrlCTests(Machine machine) : ContainerTest(machine)
{
    private const string Stubborn = "trap : TERM; echo ready; while :; do sleep 0.1; done";

    [Fact]
    public void Ends_a_wait_and_leaves_the_container_alone()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Interrupt($"Wait-Container {bird.Name}");

        Assert.Equal((ContainerStatus.Running, bird.Pid), Get(bird.Name) is var now ? (now.Status, now.Pid) : default);
    }

    [Fact]
    public void Ends_a_stop_which_escalates_nothing_and_can_be_taken_up_again()
    {
        var bird = StartReady(Name("bird"), Stubborn);

        Interrupt($"Stop-Container {bird.Name} -TimeoutSeconds 2");

        Assert.Equal(ContainerStatus.Stopping, Get(bird.Name).Status);
        Thread.Sleep(2500);
        Assert.True(HostProcess.IsAlive(bird.Pid!.Value));
        Assert.Equal(StopReason.Killed, Session.Run($"Stop-Container {bird.Name} -Timeout 1").Container.StopReason);
    }

    [Fact]
    public void Ends_a_restart_before_anything_is_started()
    {
        var bird = StartReady(Name("bird"), Stubborn);

        Interrupt($"Restart-Container {bird.Name}");

        Assert.Equal((ContainerStatus.Stopping, bird.Pid), Get(bird.Name) is var now ? (now.Status, now.Pid) : default);
    }

    [Fact]
    public void Kills_and_removes_the_container_of_an_invocation()
    {
        int? pid = null;
        Interrupt($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} sleep 300", () => pid = Session.Run($"Get-Container {All}").Containers.SingleOrDefault()?.Pid);

        Eventually.True(() => Session.Run($"Get-Container {All}").Output.Count == 0, "the container is gone");
        Assert.False(HostProcess.IsAlive(pid!.Value));
    }

    [Fact]
    public void Kills_but_keeps_what_is_to_be_kept()
    {
        Interrupt(
            $"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} -Keep sleep 300",
            () => Session.Run($"Get-Container {All}").Containers.SingleOrDefault()?.Pid is not null);

        var ended = Session.Run($"Wait-Container {Name("bird")}").Container;
        Assert.Equal((ContainerStatus.Stopped, StopReason.Killed, 137), (ended.Status, ended.StopReason, ended.ExitCode));
    }

    private void Interrupt(string script) => Interrupt(script, () => true);

    /// <summary>Runs a script in a session beside this one and stops it once it is under way.</summary>
    private void Interrupt(string script, Func<object?> isUnderWay)
    {
        using var session = NewSession();
        using var running = session.Begin(script);
        Eventually.True(() => isUnderWay() is not (null or false), "it is under way");
        Thread.Sleep(300);
        Assert.False(running.IsCompleted);

        var time = Stopwatch.StartNew();
        running.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
    }
}
