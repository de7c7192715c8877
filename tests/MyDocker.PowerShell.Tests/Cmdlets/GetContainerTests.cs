using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class GetContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void A_running_container_is_shown_with_all_that_is_known()
    {
        var name = Name("bird");
        var bird = Start(name, "-Environment @{ SONG = 'tweet' } -Label colour=blue -Memory 64MB", "sleep", "300");

        Assert.Matches("^[0-9a-f]{64}$", bird.Id);
        Assert.Equal(name, bird.Name);
        Assert.Equal(ContainerStatus.Running, bird.Status);
        Assert.True(HostProcess.IsAlive(bird.Pid!.Value));
        Assert.Equal(["sleep", "300"], bird.Command);
        Assert.Equal("sleep 300", bird.CommandLine);
        Assert.Equal(RootFileSystem, bird.Image);
        Assert.InRange(bird.StartedAt!.Value, bird.CreatedAt, DateTimeOffset.UtcNow);
        Assert.Null(bird.FinishedAt);
        Assert.Null(bird.ExitCode);
        Assert.Equal(StopReason.None, bird.StopReason);
        Assert.Equal(bird.Id[..12], bird.Hostname);
        Assert.Equal("blue", bird.Labels["colour"]);
        Assert.Equal("tweet", bird.Environment["SONG"]);
        Assert.Equal(64 << 20, bird.Limits.Memory);
        Assert.Equal(ContainerNetworkMode.None, bird.Network);
        Assert.Equal(0, bird.RestartCount);
        Assert.True(Directory.Exists(bird.BundlePath));
    }

    [Fact]
    public void State_is_another_word_for_status()
    {
        Create(Name("bird"), "", "true");

        Assert.Equal("Created", Session.Run($"\"$((Get-Container {Name("bird")}).State)\"").Lines.Single());
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_that_does_not_end_the_pipeline()
    {
        Create(Name("bird"), "", "true");

        var outcome = Session.Try($"Get-Container nosuch, {Name("bird")}");

        var error = Assert.Single(outcome.Errors);
        Assert.Equal("ContainerNotFound,MyDocker.Commands.GetContainerCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal("nosuch", error.TargetObject);
        Assert.Equal(Name("bird"), outcome.Container.Name);
    }

    [Fact]
    public void A_wildcard_matches_by_its_characters_and_is_silent_where_nothing_does()
    {
        Create(Name("finch"), "", "true");
        Create(Name("falcon"), "", "true");
        Create(Name("robin"), "", "true");

        Assert.Equal([Name("finch"), Name("falcon")], Session.Run($"Get-Container F{All}").Containers.Select(info => info.Name));
        Assert.Empty(Session.Run("Get-Container nosuch*").Output);
    }

    [Fact]
    public void Without_arguments_it_lists_in_the_order_of_creation()
    {
        string[] names = [Name("robin"), Name("ibis"), Name("owl")];
        foreach (var name in names)
            Create(name, "", "true");

        Assert.Equal(names, Session.Run("Get-Container").Containers.Select(info => info.Name).Where(names.Contains));
    }

    [Fact]
    public void An_id_may_be_shortened_to_four_characters()
    {
        var bird = Create(Name("bird"), "", "true");

        Assert.Equal(bird.Id, Session.Run($"Get-Container -Id {bird.Id[..12]}").Container.Id);
        Assert.Equal(bird.Id, Session.Run($"Get-Container {bird.Id}").Container.Id);
        Assert.Equal("abc", Session.Fail(ContainerError.InvalidArgument, "Get-Container -Id abc").TargetObject);
        Assert.Equal("zzzz", Session.Fail(ContainerError.ContainerNotFound, "Get-Container -Id zzzz").TargetObject);
    }

    [Fact]
    public void Names_come_from_the_pipeline_by_value_and_by_property()
    {
        Create(Name("bird"), "", "true");

        Assert.Equal(Name("bird"), Session.Run($"'{Name("bird")}' | Get-Container").Container.Name);
        Assert.Equal(Name("bird"), Session.Run($"[pscustomobject]@{{ Name = '{Name("bird")}' }} | Get-Container").Container.Name);
        Assert.Equal(Name("bird"), Session.Run($"Get-Container {Name("bird")} | Get-Container").Container.Name);
    }

    [Fact]
    public void Filters_narrow_the_list()
    {
        Create(Name("finch"), "-Label colour=red, small=yes", "true");
        Start(Name("robin"), "-Label colour=blue", "sleep", "300");

        Assert.Equal(Name("robin"), Session.Run($"Get-Container {All} -Status Running").Container.Name);
        Assert.Equal(2, Session.Run($"Get-Container {All} -State Running, Created").Output.Count);
        Assert.Equal(Name("finch"), Session.Run($"Get-Container {All} -Label colour=red").Container.Name);
        Assert.Equal(Name("finch"), Session.Run($"Get-Container {All} -Label colour, small").Container.Name);
        Assert.Equal(2, Session.Run($"Get-Container {All} -Image $rootfs").Output.Count);
        Assert.Empty(Session.Run($"Get-Container {All} -Image hos*").Output);
    }
}
