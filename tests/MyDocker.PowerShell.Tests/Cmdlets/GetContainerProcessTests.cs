using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class GetContainerProcessTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Each_process_with_its_numbers_outside_and_inside()
    {
        var before = DateTimeOffset.UtcNow;
        var bird = StartReady(Name("bird"), "sleep 4711 & echo ready; wait");

        var processes = Processes(bird.Name);

        Assert.Equal(["sh -c 'sleep 4711 & echo ready; wait'", "sleep 4711"], processes.Select(process => process.CommandLine));
        Assert.Equal(["sleep", "4711"], processes[1].Command);
        Assert.Equal(bird.Pid, processes[0].Pid);
        Assert.Equal([1, 2], processes.Select(process => process.ContainerPid!.Value));
        Assert.Equal([HostProcess.MonitorOf(bird), bird.Pid!.Value], processes.Select(process => process.ParentPid));
        Assert.All(processes, process =>
        {
            Assert.Equal((bird.Name, bird.Id), (process.ContainerName, process.ContainerId));
            Assert.Equal(("root", 0u, ContainerProcessState.Sleeping), (process.User, process.UserId, process.State));
            Assert.InRange(process.StartTime, before.AddSeconds(-3), DateTimeOffset.UtcNow.AddSeconds(3));
            Assert.InRange(process.Memory, 4096, 64 << 20);
        });
    }

    [Fact]
    public void Users_have_the_names_that_the_container_gives_them()
    {
        Start(Name("robin"), "-User bird", "sleep", "300");
        Start(Name("ibis"), "-User 4711", "sleep", "300");

        Assert.Equal(("bird", 1000u), (Processes(Name("robin"))[0].User, Processes(Name("robin"))[0].UserId));
        Assert.Equal(("4711", 4711u), (Processes(Name("ibis"))[0].User, Processes(Name("ibis"))[0].UserId));
    }

    [Fact]
    public void A_list_of_users_that_is_a_trap_is_passed_over()
    {
        var bird = StartReady(Name("bird"), "rm /etc/passwd; mkfifo /etc/passwd; echo ready; exec sleep 300");

        Assert.Equal("0", Assert.Single(Processes(bird.Name)).User);
    }

    [Fact]
    public void Processor_time_is_counted()
    {
        Start(Name("bird"), "", "sh", "-c", "while :; do :; done");

        Eventually.True(() => Processes(Name("bird"))[0].CpuTime > TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void A_suspended_container_has_processes_too()
    {
        Start(Name("bird"), "", "sleep", "300");
        Session.Run($"Suspend-Container {Name("bird")}");

        Assert.Equal("sleep 300", Assert.Single(Processes(Name("bird"))).CommandLine);
    }

    [Fact]
    public void One_that_does_not_run_is_an_error_unless_a_wildcard_means_it()
    {
        Create(Name("bird"), "", "true");
        Start(Name("robin"), "", "sleep", "300");

        Session.Fail(ContainerError.ContainerNotRunning, $"Get-ContainerProcess {Name("bird")}");

        Assert.Equal(Name("robin"), Assert.Single(Processes(All)).ContainerName);
    }

    [Fact]
    public void What_others_have_put_into_groups_below_is_listed_without_a_number_inside()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        using var stranger = HostProcess.Sleep();
        // In the first hierarchy alone it would be seen as well; here it is as a process that has been put into all.
        foreach (var group in HostCgroup.Of(bird.Id))
        {
            var below = Directory.CreateDirectory($"{group}/below");
            if (!group.Contains("/cpuset/", StringComparison.Ordinal))
                File.WriteAllText($"{below}/cgroup.procs", $"{stranger.Id}");
        }

        var process = Processes(bird.Name).Single(process => process.Pid == stranger.Id);
        Assert.Null(process.ContainerPid);

        Session.Run($"Stop-Container {bird.Name}");
        stranger.WaitForExit();
    }

    [Fact]
    public void Processes_that_come_and_go_are_no_errors()
    {
        var bird = StartReady(Name("bird"), "echo ready; while :; do true & true; done");

        for (var round = 0; round < 50; round++)
        {
            var processes = Processes(bird.Name);
            Assert.Contains(processes, process => process.Pid == bird.Pid);
            Assert.All(processes, process => Assert.NotNull(process.ContainerPid));
        }
    }

    [Fact]
    public void Its_number_is_its_Id_and_the_pipeline_leads_to_the_container()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Assert.Equal(bird.Pid, Assert.Single(Session.Run($"(Get-ContainerProcess {bird.Name}).Id").Output).BaseObject);
        Assert.Equal(bird.Id, Session.Run($"Get-ContainerProcess {bird.Name} | Get-Container").Container.Id);
        Assert.Equal(ContainerStatus.Stopped, Session.Run($"Get-ContainerProcess {bird.Name} | Stop-Container -Force").Container.Status);
    }

    private ContainerProcess[] Processes(string name) =>
        [.. Session.Run($"Get-ContainerProcess {name}").Output.Select(item => Assert.IsType<ContainerProcess>(item.BaseObject))];
}
