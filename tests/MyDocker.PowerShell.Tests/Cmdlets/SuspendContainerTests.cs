using System.Diagnostics;
using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class SuspendContainerTests(Machine machine) : ContainerTest(machine)
{
    private const string Steps = "echo ready; while :; do echo step; sleep 0.02; done";
    private const string Obedient = "trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done";

    [Fact]
    public void Suspended_it_stands_still_and_resumed_it_goes_on()
    {
        var bird = StartReady(Name("bird"), Steps);

        var suspended = Session.Run($"Suspend-Container {bird.Name}").Container;

        Assert.Equal((ContainerStatus.Paused, bird.Pid), (suspended.Status, suspended.Pid));
        var length = AtRest(bird);
        Thread.Sleep(200);
        Assert.Equal(length, Length(bird));

        Assert.Equal(ContainerStatus.Running, Session.Run($"Resume-Container {bird.Name}").Container.Status);
        Eventually.True(() => Length(bird) > length, "it goes on");
    }

    [Fact]
    public void Both_may_be_said_twice()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Assert.Equal(ContainerStatus.Running, Session.Run($"Resume-Container {bird.Name}").Container.Status);
        Assert.Equal(ContainerStatus.Paused, Session.Run($"Suspend-Container {bird.Name} | Suspend-Container").Container.Status);
        Assert.Equal(ContainerStatus.Running, Session.Run($"Resume-Container {bird.Name} | Resume-Container").Container.Status);
    }

    [Theory]
    [InlineData("Suspend-Container", false)]
    [InlineData("Resume-Container", false)]
    [InlineData("Suspend-Container", true)]
    [InlineData("Resume-Container", true)]
    public void One_that_does_not_run_is_an_error_unless_a_wildcard_means_it(string cmdlet, bool hasRun)
    {
        var bird = Create(Name("bird"), "", "true");
        if (hasRun)
            Session.Run($"Start-Container {bird.Name} | Wait-Container");

        var error = Session.Fail(ContainerError.ContainerNotRunning, $"{cmdlet} {bird.Name}");

        Assert.Equal((ErrorCategory.InvalidOperation, bird.Name), (error.CategoryInfo.Category, error.TargetObject));
        Assert.Empty(Session.Run($"{cmdlet} {All}").Output);
    }

    [Fact]
    public void One_that_is_being_stopped_is_left_to_end()
    {
        var bird = StartReady(Name("bird"), "trap : TERM; echo ready; while :; do sleep 0.1; done");
        using var other = NewSession();
        using var stopping = other.Begin($"Stop-Container {bird.Name} -Timeout 300");
        Eventually.True(() => Get(bird.Name).Status == ContainerStatus.Stopping);

        Session.Fail(ContainerError.ContainerNotRunning, $"Suspend-Container {bird.Name}");

        Assert.Equal(ContainerStatus.Stopping, Session.Run($"Resume-Container {bird.Name}").Container.Status);
        Session.Run($"Stop-Container {bird.Name} -Force");
    }

    [Theory]
    [InlineData("Stop-Container {0}", 3)]
    [InlineData("Stop-Container {0} -Force", 137)]
    public void A_suspended_one_can_be_stopped(string script, int exitCode)
    {
        var bird = StartReady(Name("bird"), Obedient);
        Session.Run($"Suspend-Container {bird.Name}");

        var time = Stopwatch.StartNew();
        var stopped = Session.Run(string.Format(null, script, bird.Name)).Container;

        Assert.Equal((ContainerStatus.Stopped, exitCode), (stopped.Status, stopped.ExitCode));
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void A_suspended_one_can_be_restarted_and_then_runs()
    {
        var bird = StartReady(Name("bird"), Obedient);
        Session.Run($"Suspend-Container {bird.Name}");

        var again = Session.Run($"Restart-Container {bird.Name}").Container;

        Assert.Equal(ContainerStatus.Running, again.Status);
        Assert.NotEqual(bird.Pid, again.Pid);
    }

    [Fact]
    public void A_suspended_one_can_be_removed_by_force_only()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        Session.Run($"Suspend-Container {bird.Name}");

        Session.Fail(ContainerError.ContainerRunning, $"Remove-Container {bird.Name}");
        Session.Run($"Remove-Container {bird.Name} -Force");

        Assert.Empty(Session.Run($"Get-Container {All}").Output);
        Assert.False(HostProcess.IsAlive(bird.Pid!.Value));
    }

    [Fact]
    public void A_process_that_can_not_be_frozen_is_told_and_all_go_on()
    {
        var bird = StartReady(Name("bird"), Steps);
        using var silent = new SilentFileSystem();
        File.WriteAllText($"{Freezer(bird)}/cgroup.procs", $"{silent.StartWaiting().Id}");

        var error = Session.Fail(ContainerError.ContainerSuspendTimeout, $"Suspend-Container {bird.Name}");

        Assert.Equal(ErrorCategory.OperationTimeout, error.CategoryInfo.Category);
        Assert.Contains("goes on", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ContainerStatus.Running, Get(bird.Name).Status);
        var length = Length(bird);
        Eventually.True(() => Length(bird) > length, "it goes on");
    }

    [Fact]
    public void Ctrl_C_ends_a_suspension_that_takes_long_and_all_go_on()
    {
        var bird = StartReady(Name("bird"), Steps);
        using var silent = new SilentFileSystem();
        File.WriteAllText($"{Freezer(bird)}/cgroup.procs", $"{silent.StartWaiting().Id}");
        using var other = NewSession();
        using var suspending = other.Begin($"Suspend-Container {bird.Name}");
        Eventually.True(() => Get(bird.Name).Status == ContainerStatus.Paused, "it is being frozen");

        suspending.Stop();

        Assert.Equal(ContainerStatus.Running, Get(bird.Name).Status);
    }

    [Fact]
    public void A_start_under_way_comes_first()
    {
        Create(Name("bird"), "", "sleep", "300");
        using var other = NewSession();
        using var starting = other.Begin($"Start-Container {Name("bird")}");

        Eventually.True(() => Session.Try($"Suspend-Container {Name("bird")}").Errors.Count == 0, "it can be suspended");

        Assert.Empty(starting.Wait().Errors);
        Assert.Equal(ContainerStatus.Paused, Get(Name("bird")).Status);
    }

    [Fact]
    public void Tab_offers_what_can_be_suspended_and_what_can_be_resumed()
    {
        Create(Name("made"), "", "true");
        Start(Name("running"), "", "sleep", "300");
        Start(Name("paused"), "", "sleep", "300");
        Session.Run($"Suspend-Container {Name("paused")}");

        Assert.Equal([Name("running")], Session.Complete("Suspend-Container ").Where(IsOurs));
        Assert.Equal([Name("paused")], Session.Complete("Resume-Container ").Where(IsOurs));
    }

    [Fact]
    public void What_if_and_no_change_nothing()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Assert.Empty(Session.Run($"Suspend-Container {bird.Name} -WhatIf; Suspend-Container {bird.Name} -Confirm").Output);
        Assert.Equal(ContainerStatus.Running, Get(bird.Name).Status);
        Session.Run($"Suspend-Container {bird.Name}");
        Assert.Empty(Session.Run($"Resume-Container {bird.Name} -WhatIf; Resume-Container {bird.Name} -Confirm").Output);
        Assert.Equal(ContainerStatus.Paused, Get(bird.Name).Status);
    }

    private static string Freezer(ContainerInfo container) =>
        HostCgroup.Of(container.Id) is [var only] ? only : HostCgroup.Of(container.Id).First(folder => folder.Contains("/freezer/", StringComparison.Ordinal));

    private static long Length(ContainerInfo container) => new FileInfo(container.LogPath).Length;

    /// <summary>The log's length once the monitor has written down what was still in the pipe.</summary>
    private static long AtRest(ContainerInfo container)
    {
        var length = Length(container);
        Eventually.True(
            () =>
            {
                Thread.Sleep(50);
                var before = length;
                return before == (length = Length(container));
            },
            "the log has come to rest");
        return length;
    }

    private bool IsOurs(string text) => ((string[])["made", "running", "paused"]).Select(Name).Contains(text);
}
