using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class StartContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Returns_when_the_users_program_runs()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        Assert.Equal(ContainerStatus.Running, bird.Status);
        Assert.Equal("sleep\0300\0", File.ReadAllText($"/proc/{bird.Pid}/cmdline"));
        Assert.NotEmpty(HostCgroup.Of(bird.Id));
    }

    [Fact]
    public void A_running_one_is_refused_and_goes_on()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        var error = Session.Fail(ContainerError.ContainerRunning, $"Start-Container {bird.Name}");

        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Equal(bird.Name, error.TargetObject);
        Assert.Equal(bird.Pid, Get(bird.Name).Pid);
    }

    [Fact]
    public void What_has_ended_starts_again_with_the_files_it_wrote()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "echo again >> /notes; wc -l < /notes");
        Session.Run($"Wait-Container {bird.Name}; Start-Container {bird.Name}");

        var ended = Session.Run($"Wait-Container {bird.Name}").Container;

        Assert.Equal(1, ended.RestartCount);
        Assert.EndsWith(" stdout F 2\n", File.ReadAllText(ended.LogPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("/bin/nosuch")]
    [InlineData("/etc/passwd")]
    [InlineData("/tmp")]
    public void A_command_that_can_not_be_executed_leaves_the_container_as_it_was(string command)
    {
        var bird = Create(Name("bird"), "", command);

        var error = Session.Fail(ContainerError.CommandNotFound, $"Start-Container {bird.Name}");

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal(command, error.TargetObject);
        Assert.Equal(ContainerStatus.Created, Get(bird.Name).Status);
        Assert.Empty(HostCgroup.Of(bird.Id));
        Assert.Equal(["config.json", "container.json", "layer", "rootfs"], Files(bird));
    }

    [Fact]
    public void A_start_that_fails_names_the_step_the_path_and_the_reason()
    {
        var bird = Create(Name("bird"), "-WorkingDirectory /etc/passwd", "true");

        var error = Session.Fail(ContainerError.ContainerStartFailed, $"Start-Container {bird.Name}");

        Assert.Contains("/etc/passwd", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Not a directory", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_fails_does_not_keep_the_next_from_starting()
    {
        Create(Name("robin"), "", "nosuch");
        Create(Name("ibis"), "", "sleep", "300");

        var outcome = Session.Try($"Start-Container {Name("robin")}, {Name("ibis")}");

        Assert.Single(outcome.Errors);
        Assert.Equal(Name("ibis"), outcome.Container.Name);
    }

    [Fact]
    public void A_container_outlives_the_session_that_started_it()
    {
        var name = Name("bird");

        OtherSession.Run($"New-Container -Name {name} -RootFileSystem $rootfs -- sh -c 'sleep 5; exit 7' | Start-Container", RootFileSystem);

        Assert.Equal(ContainerStatus.Running, Get(name).Status);
        Assert.Equal(7, Session.Run($"Wait-Container {name}").Container.ExitCode);
    }

    private static string[] Files(ContainerInfo container) =>
        [.. Directory.GetFileSystemEntries(container.BundlePath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
