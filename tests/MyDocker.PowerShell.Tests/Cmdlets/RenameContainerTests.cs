using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class RenameContainerTests(Machine machine) : ContainerTest(machine)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_container_goes_on_under_its_new_name(bool runs)
    {
        var before = Create(Name("robin"), "", "sleep", "300");
        if (runs)
            before = Session.Run($"Start-Container {before.Name}").Container;

        var after = Session.Run($"Rename-Container {before.Name} {Name("ibis")}").Container;

        Assert.Equal((Name("ibis"), before.Id, before.Pid, before.Status), (after.Name, after.Id, after.Pid, after.Status));
        Assert.Equal(before.Id, Get(Name("ibis")).Id);
        Session.Fail(ContainerError.ContainerNotFound, $"Get-Container {Name("robin")}");
    }

    [Fact]
    public void The_old_name_is_free_for_another()
    {
        Create(Name("robin"), "", "true");
        Session.Run($"Get-Container {Name("robin")} | Rename-Container -NewName {Name("ibis")}");

        Assert.Equal(ContainerStatus.Created, Create(Name("robin"), "", "true").Status);
    }

    [Fact]
    public void A_taken_or_bad_name_changes_nothing()
    {
        Create(Name("robin"), "", "true");
        Create(Name("ibis"), "", "true");

        Assert.Equal(Name("ibis"), Session.Fail(ContainerError.ContainerNameInUse, $"Rename-Container {Name("robin")} {Name("ibis")}").TargetObject);
        Assert.Equal("../x", Session.Fail(ContainerError.InvalidContainerName, $"Rename-Container {Name("robin")} ../x").TargetObject);
        Assert.Equal(2, Session.Run($"Get-Container {Name("robin")}, {Name("ibis")}").Output.Count);
    }

    [Fact]
    public void Its_own_name_is_fine() =>
        Assert.Equal(Name("robin"), Session.Run($"Rename-Container {Create(Name("robin"), "", "true").Name} {Name("robin")}").Container.Name);

    [Fact]
    public void It_ends_under_the_new_name()
    {
        StartReady(Name("robin"), "echo ready; sleep 0.5; exit 5");
        Session.Run($"Rename-Container {Name("robin")} {Name("ibis")}");

        Assert.Equal((Name("ibis"), 5), Session.Run($"Wait-Container {Name("ibis")}").Container is var ended ? (ended.Name, ended.ExitCode) : default);
    }
}
