using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed class NameAttacks(Machine machine) : OwnStoreTest(machine)
{
    [Theory(DisplayName = "ATTACKS: names like ../../etc (the tutorial then deletes that folder)")]
    [InlineData("../../etc")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("/etc")]
    [InlineData("a/../b")]
    public void A_name_is_never_a_path(string name)
    {
        Session.Fail(ContainerError.InvalidContainerName, $"New-Container -RootFileSystem $rootfs -Name {name} true");
        Session.Fail(ContainerError.ContainerNotFound, $"Remove-Container {name} -Force");
        Session.Fail(ContainerError.ContainerNotFound, $"Stop-Container -Id {name}xxxx");
        Create(Name("bird"), "", "true");
        Session.Fail(ContainerError.InvalidContainerName, $"Rename-Container {Name("bird")} {name}");

        Assert.True(Directory.Exists("/etc"));
        Assert.Single(Session.Run("Get-Container").Output);
    }

    [Fact(DisplayName = "ATTACKS: two containers of one name")]
    public async Task One_of_eight_gets_the_name()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var session = NewSession();
            return session.Try($"New-Container -RootFileSystem $rootfs -Name {Name("bird")} true");
        })));

        var winner = Assert.Single(outcomes.SelectMany(outcome => outcome.Containers));
        Assert.All(outcomes.SelectMany(outcome => outcome.Errors), error => Assert.StartsWith("ContainerNameInUse,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(winner.Id, Session.Run("Get-Container").Container.Id);
        Assert.Single(Directory.GetFileSystemEntries($"{Store.Folder}/containers"));
    }

    [Fact(DisplayName = "ATTACKS: name reserved after crash")]
    public void A_name_that_a_killed_command_left_is_free()
    {
        Create(Name("robin"), "", "true");
        File.CreateSymbolicLink($"{Store.Folder}/names/{Name("ibis")}", new string('b', 64));
        File.CreateSymbolicLink($"{Store.Folder}/names/{Name("owl")}", "../../../etc");

        Session.Fail(ContainerError.ContainerNotFound, $"Get-Container {Name("ibis")}");
        Session.Fail(ContainerError.ContainerNotFound, $"Remove-Container {Name("owl")} -Force");
        Create(Name("ibis"), "", "true");
        Create(Name("owl"), "", "true");

        Assert.Equal(3, Session.Run("Get-Container").Output.Count);
    }

    [Fact(DisplayName = "ATTACKS: a maker killed half way leaves a container")]
    public void What_a_killed_command_left_is_swept_away()
    {
        var draft = Directory.CreateDirectory($"{Store.Folder}/containers/.{new string('c', 64)}").FullName;
        File.WriteAllText($"{draft}/config.json", "{");

        Assert.Empty(Session.Run("Get-Container").Output);
        Create(Name("bird"), "", "true");

        Assert.False(Directory.Exists(draft));
    }
}
