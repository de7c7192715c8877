using System.Diagnostics;
using System.Management.Automation;
using Mono.Unix.Native;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class WaitContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Emits_what_has_ended_with_its_exit_code()
    {
        Start(Name("bird"), "", "sh", "-c", "sleep 0.3; exit 9");

        var ended = Session.Run($"Wait-Container {Name("bird")}").Container;

        Assert.Equal((ContainerStatus.Exited, StopReason.Exited, 9), (ended.Status, ended.StopReason, ended.ExitCode));
        Assert.Null(ended.Pid);
        Assert.True(ended.FinishedAt > ended.StartedAt);
    }

    [Fact]
    public void One_that_has_ended_already_is_emitted_at_once()
    {
        Start(Name("bird"), "", "true");
        Session.Run($"Wait-Container {Name("bird")}");

        Assert.Equal(0, Session.Run($"Wait-Container {Name("bird")} -TimeoutSeconds 0").Container.ExitCode);
    }

    [Fact]
    public void What_still_runs_at_the_time_out_is_not_emitted()
    {
        Start(Name("slow"), "", "sleep", "300");
        Start(Name("quick"), "", "true");

        Assert.Equal(Name("quick"), Session.Run($"Wait-Container {All} -Timeout 1").Container.Name);
    }

    [Fact]
    public void Any_returns_with_the_first()
    {
        Start(Name("slow"), "", "sleep", "300");
        Start(Name("quick"), "", "sleep", "0.2");

        Assert.Equal(Name("quick"), Session.Run($"Get-Container {All} | Wait-Container -Any").Container.Name);
    }

    [Fact]
    public void One_that_nobody_has_started_is_not_waited_for()
    {
        Create(Name("bird"), "", "true");

        var error = Session.Fail(ContainerError.ContainerNotRunning, $"Wait-Container {Name("bird")}");

        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Equal(Name("bird"), error.TargetObject);
    }

    [Fact]
    public void Several_may_wait_for_the_same_one()
    {
        Start(Name("bird"), "", "sh", "-c", "sleep 0.5; exit 6");
        using var otherSession = NewSession();
        using var other = otherSession.Begin($"Wait-Container {Name("bird")}");

        Assert.Equal(6, Session.Run($"Wait-Container {Name("bird")}").Container.ExitCode);
        Assert.Equal(6, other.Wait().Container.ExitCode);
    }

    [Fact]
    public void One_that_removes_itself_is_waited_for_in_another_session()
    {
        var bird = StartReady(Name("bird"), "trap 'exit 8' TERM; echo ready; while :; do sleep 0.1; done", "-AutoRemove");
        using var other = OtherSession.Start($"(Wait-Container {bird.Name}).ExitCode", RootFileSystem);
        Eventually.True(() => HostProcess.Files(other.Id).Contains("anon_inode:[pidfd]"), "the other session waits");

        HostProcess.Signal(bird.Pid!.Value, Signum.SIGTERM);

        Assert.Equal("8", other.StandardOutput.ReadToEnd().Trim());
        Session.Fail(ContainerError.ContainerNotFound, $"Get-Container {Name("bird")}");
    }

    [Fact]
    public void An_end_is_noticed_at_once()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        using var waiting = Session.Begin($"Wait-Container {bird.Name}");
        Thread.Sleep(200);
        Assert.False(waiting.IsCompleted);

        var time = Stopwatch.StartNew();
        HostProcess.Kill(bird.Pid!.Value);
        var ended = waiting.Wait().Container;

        Assert.Equal((StopReason.Signaled, 137), (ended.StopReason, ended.ExitCode));
        Assert.InRange(time.ElapsedMilliseconds, 0, 2000);
    }
}
