using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class StopContainerTests(Machine machine) : ContainerTest(machine)
{
    private const string Obedient = "trap 'exit 3' TERM; trap 'exit 4' USR1; echo ready; while :; do sleep 0.1; done";
    private const string Stubborn = "trap : TERM; echo ready; while :; do sleep 0.1; done";

    [Fact]
    public void A_handler_has_its_say()
    {
        var bird = StartReady(Name("bird"), Obedient);

        var stopped = Session.Run($"Stop-Container {bird.Name}").Container;

        Assert.Equal((ContainerStatus.Stopped, StopReason.Exited, 3), (stopped.Status, stopped.StopReason, stopped.ExitCode));
        Assert.Null(stopped.Pid);
        Assert.NotNull(stopped.FinishedAt);
        Assert.False(HostProcess.IsAlive(bird.Pid!.Value));
    }

    [Fact]
    public void Another_signal_may_be_sent()
    {
        var bird = StartReady(Name("bird"), Obedient);

        Assert.Equal(4, Session.Run($"Stop-Container {bird.Name} -Signal SIGUSR1").Container.ExitCode);
    }

    [Fact]
    public void The_container_may_say_which_signal_and_how_long()
    {
        var robin = StartReady(Name("robin"), Obedient, "-StopSignal SIGUSR1");
        var ibis = StartReady(Name("ibis"), Stubborn, "-StopTimeoutSeconds 1");

        Assert.Equal(4, Session.Run($"Stop-Container {robin.Name}").Container.ExitCode);
        Assert.Equal(StopReason.Killed, Session.Run($"Stop-Container {ibis.Name}").Container.StopReason);
    }

    [Theory]
    [InlineData("-Timeout 1")]
    [InlineData("-TimeoutSeconds 0")]
    [InlineData("-Force")]
    [InlineData("-Signal SIGKILL")]
    public void What_outlives_its_time_is_killed(string how)
    {
        var bird = StartReady(Name("bird"), Stubborn);

        var stopped = Session.Run($"Stop-Container {bird.Name} {how}").Container;

        Assert.Equal((ContainerStatus.Stopped, StopReason.Killed, 137), (stopped.Status, stopped.StopReason, stopped.ExitCode));
    }

    [Fact]
    public void A_signal_that_ends_the_process_is_the_reason()
    {
        // Under -Init the command is no PID 1, so SIGTERM ends it by default.
        var bird = Start(Name("bird"), "-Init", "sleep", "300");

        var stopped = Session.Run($"Stop-Container {bird.Name}").Container;

        Assert.Equal((ContainerStatus.Stopped, 143), (stopped.Status, stopped.ExitCode));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_does_not_run_is_emitted_as_it_is(bool hasRun)
    {
        var bird = Create(Name("bird"), "", "sh", "-c", "exit 5");
        if (hasRun)
            Session.Run($"Start-Container {bird.Name} | Wait-Container");

        var stopped = Session.Run($"Stop-Container {bird.Name}").Container;

        Assert.Equal((hasRun ? ContainerStatus.Exited : ContainerStatus.Created, hasRun ? 5 : null), (stopped.Status, stopped.ExitCode));
    }

    [Fact]
    public void Verbose_tells_of_a_signal_that_would_be_discarded()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Assert.Contains(Session.Run($"Stop-Container {bird.Name} -Verbose").Verbose, line => line.Contains("PID 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_is_emitted_as_it_ends()
    {
        StartReady(Name("slow"), "trap 'sleep 1; exit' TERM; echo ready; while :; do sleep 0.1; done");
        StartReady(Name("quick"), Obedient);

        Assert.Equal([Name("quick"), Name("slow")], Session.Run($"Stop-Container {Name("slow")}, {Name("quick")}").Containers.Select(info => info.Name));
    }

    [Fact]
    public void A_pipeline_of_objects_stops_those_that_run()
    {
        Start(Name("robin"), "", "sleep", "300");
        Start(Name("ibis"), "", "sleep", "300");
        Create(Name("owl"), "", "true");

        var stopped = Session.Run($"Get-Container {All} | Where-Object Status -eq running | Stop-Container").Containers;

        Assert.Equal(2, stopped.Length);
        Assert.All(stopped, info => Assert.Equal(ContainerStatus.Stopped, info.Status));
    }
}
