using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>A store on a very small file system.</summary>
public sealed class FullDiskAttacks(Machine machine) : OwnStoreTest(machine)
{
    [Fact(DisplayName = "ATTACKS: disk full while a container is made")]
    public void A_container_that_can_not_be_written_is_not_made()
    {
        using var disk = new SmallDisk();
        disk.Fill();

        var error = Session.Fail(ContainerError.StateWriteFailed, $"New-Container -RootFileSystem $rootfs -Name {Name("bird")} true");

        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.Contains("No space left on device", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Session.Run("Get-Container").Output);
        Assert.Empty(disk.Entries("containers"));
        disk.Free();
        Session.Run($"New-Container -RootFileSystem $rootfs -Name {Name("bird")} true | Remove-Container");
    }

    [Fact(DisplayName = "ATTACKS: disk full while a container is started")]
    public void A_start_that_can_not_be_written_leaves_nothing()
    {
        using var disk = new SmallDisk();
        var bird = Create(Name("bird"), "", "true");
        disk.Fill();

        var error = Session.Fail(ContainerError.StateWriteFailed, $"Start-Container {bird.Name}");

        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.Equal(ContainerStatus.Created, Get(bird.Name).Status);
        Assert.Empty(HostCgroup.Of(bird.Id));
        disk.Free();
        Assert.Equal(0, Session.Run($"Start-Container {bird.Name} | Wait-Container").Container.ExitCode);
        Session.Run($"Remove-Container {bird.Name}");
    }

    [Fact(DisplayName = "ATTACKS: disk full while a container runs: its exit code is lost")]
    public void The_exit_code_is_recorded_all_the_same()
    {
        using var disk = new SmallDisk();
        var bird = StartReady(Name("bird"), "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
        disk.Fill();

        HostProcess.Signal(bird.Pid!.Value, Mono.Unix.Native.Signum.SIGTERM);

        Assert.Equal((ContainerStatus.Exited, 7), Session.Run($"Wait-Container {bird.Name}").Container is var ended ? (ended.Status, ended.ExitCode) : default);
        Session.Run($"Remove-Container {bird.Name}");
        disk.Free();
    }
}
