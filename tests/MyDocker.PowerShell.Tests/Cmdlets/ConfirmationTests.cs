using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class ConfirmationTests(Machine machine) : ContainerTest(machine)
{
    [Theory]
    [InlineData("Stop-Container {0}")]
    [InlineData("Stop-Container {0} -Force")]
    [InlineData("Restart-Container {0} -Force")]
    [InlineData("Remove-Container {0} -Force")]
    [InlineData("Rename-Container {0} other")]
    public void What_if_and_no_change_nothing_of_a_running_container(string script)
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        var command = string.Format(null, script, bird.Name);

        Assert.Empty(Session.Run(command + " -WhatIf").Output);
        Assert.Empty(Session.Host.Questions);
        Assert.Contains("What if: ", Session.Host.Text, StringComparison.Ordinal);
        Assert.Contains(bird.Name, Session.Host.Text, StringComparison.Ordinal);
        Assert.Empty(Session.Run(command + " -Confirm").Output);
        Assert.Contains(bird.Name, Assert.Single(Session.Host.Questions), StringComparison.Ordinal);

        Assert.Equal((bird.Pid, ContainerStatus.Running), Get(bird.Name) is var now ? (now.Pid, now.Status) : default);
    }

    [Theory]
    [InlineData("Start-Container {0}")]
    [InlineData("Restart-Container {0}")]
    [InlineData("Remove-Container {0}")]
    public void What_if_and_no_change_nothing_of_one_that_does_not_run(string script)
    {
        var bird = Create(Name("bird"), "", "sleep", "300");

        Assert.Empty(Session.Run(string.Format(null, script, bird.Name) + " -WhatIf").Output);
        Assert.Empty(Session.Run(string.Format(null, script, bird.Name) + " -Confirm").Output);

        Assert.Equal(ContainerStatus.Created, Get(bird.Name).Status);
        Assert.Single(Session.Host.Questions);
    }

    [Theory]
    [InlineData("New-Container")]
    [InlineData("Invoke-Container")]
    [InlineData("Invoke-Container -Detach")]
    public void What_if_and_no_make_no_container(string script)
    {
        Assert.Empty(Session.Run($"{script} -RootFileSystem $rootfs -Name {Name("bird")} -WhatIf echo x").Output);
        Assert.Empty(Session.Run($"{script} -RootFileSystem $rootfs -Name {Name("bird")} -Confirm echo x").Output);

        Assert.Empty(Session.Run($"Get-Container {All}").Output);
        Assert.Single(Session.Host.Questions);
    }

    [Fact]
    public void Nothing_is_asked_where_confirmation_is_off()
    {
        Session.Run($"New-Container -RootFileSystem $rootfs -Name {Name("bird")} -Confirm:$false sleep 300 | Start-Container -Confirm:$false "
            + "| Restart-Container -Confirm:$false | Stop-Container -Confirm:$false | Remove-Container -Confirm:$false");

        Assert.Empty(Session.Host.Questions);
    }
}
