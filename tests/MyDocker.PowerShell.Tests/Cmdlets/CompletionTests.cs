using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class CompletionTests(Machine machine) : ContainerTest(machine)
{
    [Theory]
    [InlineData("Start-Container -Name ", "made", "ended")]
    [InlineData("Stop-Container -Name ", "alive")]
    [InlineData("Wait-Container -Name ", "alive")]
    [InlineData("Invoke-ContainerCommand ", "alive")]
    [InlineData("Exec-Container ", "alive")]
    [InlineData("Enter-Container ", "alive")]
    [InlineData("Get-Container ", "made", "alive", "ended")]
    [InlineData("Remove-Container ", "made", "alive", "ended")]
    [InlineData("Restart-Container ", "made", "alive", "ended")]
    [InlineData("Rename-Container ", "made", "alive", "ended")]
    public void Names_of_containers_that_the_cmdlet_could_act_on(string text, params string[] expected)
    {
        MakeOneOfEach();

        Assert.Equal(expected.Select(Name), Session.Complete(text).Where(IsOurs));
    }

    [Fact]
    public void Only_what_begins_as_typed()
    {
        MakeOneOfEach();

        Assert.Equal([Name("made")], Session.Complete("Get-Container MA").Where(IsOurs));
        Assert.Equal([Name("alive")], Session.Complete("Get-Container 'al").Where(IsOurs));
    }

    [Fact]
    public void Ids()
    {
        var bird = Create(Name("bird"), "", "true");

        Assert.Equal([bird.Id[..12]], Session.Complete($"Start-Container -Id {bird.Id[..6]}"));
    }

    [Fact]
    public void Signals_statuses_images_and_capabilities()
    {
        Assert.Contains("SIGUSR1", Session.Complete("Stop-Container x -Signal SIGU"));
        Assert.Contains("SIGQUIT", Session.Complete("New-Container -StopSignal SIGQ"));
        Assert.Contains("Running", Session.Complete("Get-Container -Status R"));
        Assert.Equal(["host"], Session.Complete("New-Container -Image h"));
        Assert.Contains(Session.Complete("New-Container -CapabilityAdd NET_"), text => text.EndsWith("NET_ADMIN", StringComparison.Ordinal));
        Assert.Contains("Host", Session.Complete("New-Container -Network H"));
    }

    private void MakeOneOfEach()
    {
        Create(Name("made"), "", "true");
        Start(Name("alive"), "", "sleep", "300");
        Start(Name("ended"), "", "true");
        Session.Run($"Wait-Container {Name("ended")}");
    }

    private bool IsOurs(string text) => ((string[])["made", "alive", "ended"]).Select(Name).Contains(text);
}
