using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class RemoveContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Nothing_stays()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "mkdir -p /a/b; echo x > /a/b/c; chmod 0 /a");
        Session.Run($"Wait-Container {bird.Name}");

        Assert.Empty(Session.Run($"Remove-Container {bird.Name}").Output);

        Session.Fail(ContainerError.ContainerNotFound, $"Get-Container {bird.Name}");
        Assert.False(Directory.Exists(bird.BundlePath));
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact]
    public void A_running_one_needs_force()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");

        var error = Session.Fail(ContainerError.ContainerRunning, $"Remove-Container {bird.Name}");

        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Equal(bird.Name, error.TargetObject);
        Assert.True(HostProcess.IsAlive(bird.Pid!.Value));
        Session.Run($"Remove-Container {bird.Name} -Force");
        Assert.False(HostProcess.IsAlive(bird.Pid.Value));
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact]
    public void One_that_removes_itself_may_be_forced_too()
    {
        var bird = Start(Name("bird"), "-AutoRemove", "sleep", "300");

        Session.Run($"Remove-Container {bird.Name} -Force");

        Assert.False(Directory.Exists(bird.BundlePath));
    }

    [Fact]
    public void The_name_is_free_again()
    {
        var first = Create(Name("bird"), "", "true");
        Session.Run($"Remove-Container {first.Name}");

        Assert.NotEqual(first.Id, Create(first.Name, "", "true").Id);
    }

    [Fact]
    public void A_volume_stays_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("mydocker-tests-volume-");
        try
        {
            Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} -Keep -Volume {folder.FullName}:/data touch /data/file");
            Session.Run($"Remove-Container {Name("bird")}");

            Assert.True(File.Exists($"{folder.FullName}/file"));
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
