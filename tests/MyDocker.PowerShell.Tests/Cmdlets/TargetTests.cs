using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>What every cmdlet that acts on containers has in common: how they are named.</summary>
public sealed class TargetTests(Machine machine) : ContainerTest(machine)
{
    public static TheoryData<string> Actions => ["Start-Container", "Stop-Container", "Wait-Container", "Restart-Container", "Remove-Container", "Rename-Container -NewName x", "Get-ContainerLog"];

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_literal_name_that_is_not_there_is_an_error(string action)
    {
        var error = Session.Fail(ContainerError.ContainerNotFound, $"{action} -Name nosuch");

        Assert.Equal((ErrorCategory.ObjectNotFound, "nosuch"), (error.CategoryInfo.Category, error.TargetObject));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_wildcard_without_a_match_is_silent(string action) => Assert.Empty(Session.Run($"{action} -Name nosuch*").Output);

    [Theory]
    [MemberData(nameof(Actions))]
    public void An_id_that_is_not_there_is_an_error(string action)
    {
        Assert.Equal("zzzz", Session.Fail(ContainerError.ContainerNotFound, $"{action} -Id zzzz").TargetObject);
        Assert.Equal("abc", Session.Fail(ContainerError.InvalidArgument, $"{action} -Id abc").TargetObject);
    }

    [Theory]
    [InlineData("Start-Container {0}")]
    [InlineData("Start-Container -Id {1}")]
    [InlineData("Start-Container -InputObject (Get-Container {0})")]
    [InlineData("'{0}' | Start-Container")]
    [InlineData("Get-Container {0} | Start-Container")]
    [InlineData("[pscustomobject]@{{ Name = '{0}' }} | Start-Container")]
    [InlineData("Start-Container {0}*")]
    public void A_container_may_be_named_in_many_ways(string how)
    {
        var bird = Create(Name("bird"), "", "sleep", "300");

        Assert.Equal(bird.Id, Session.Run(string.Format(null, how, bird.Name, bird.Id[..12])).Container.Id);
    }

    [Theory]
    [InlineData("Stop-Container x -Id abcd")]
    [InlineData("Stop-Container -InputObject x")]
    [InlineData("Stop-Container -Name ''")]
    [InlineData("Stop-Container x -TimeoutSeconds -2")]
    [InlineData("Get-Container x -Id abcd")]
    [InlineData("Wait-Container x -Timeout -2")]
    public void What_contradicts_itself_does_not_bind(string script) =>
        Assert.IsAssignableFrom<ParameterBindingException>(Assert.Single(Session.Try(script).Errors).Exception);

    [Fact]
    public void One_that_fails_does_not_end_the_pipeline()
    {
        Create(Name("robin"), "", "sleep", "300");

        var outcome = Session.Try($"'nosuch', '{Name("robin")}' | Start-Container");

        Assert.Single(outcome.Errors);
        Assert.Equal(Name("robin"), outcome.Container.Name);
    }

    [Fact]
    public void A_container_that_has_been_removed_since_is_an_error()
    {
        Create(Name("robin"), "", "true");

        var error = Session.Fail(ContainerError.ContainerNotFound, $"$gone = Get-Container {Name("robin")}; Remove-Container $gone.Name; $gone | Start-Container");

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }
}
