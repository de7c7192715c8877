using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class RestartContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void A_running_one_gets_a_new_process()
    {
        var before = Start(Name("bird"), "", "sleep", "300");

        var after = Session.Run($"Restart-Container {before.Name}").Container;

        Assert.Equal((ContainerStatus.Running, before.Id, 1), (after.Status, after.Id, after.RestartCount));
        Assert.NotEqual(before.Pid, after.Pid);
        Assert.False(HostProcess.IsAlive(before.Pid!.Value));
        Assert.Null(after.ExitCode);
    }

    [Fact]
    public void One_that_does_not_run_is_started()
    {
        Create(Name("bird"), "", "sleep", "300");

        Assert.Equal(ContainerStatus.Running, Session.Run($"Get-Container {All} | Restart-Container").Container.Status);
    }

    [Fact]
    public void Force_does_not_ask_the_process()
    {
        var bird = StartReady(Name("bird"), "trap : TERM; echo ready; while :; do sleep 0.1; done");

        Assert.Equal(ContainerStatus.Running, Session.Run($"Restart-Container {bird.Name} -Force").Container.Status);
    }
}
