using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class FormattingTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void The_default_is_a_table_of_what_matters()
    {
        var name = Name("bird");
        var text = OtherSession.Run($"New-Container -Name {name} -RootFileSystem $rootfs -- sh -c 'exit 3' | Start-Container | Wait-Container", RootFileSystem);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["ID", "NAME", "PID", "STATUS", "COMMAND", "CREATED"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var bird = Get(name);
        Assert.Equal(
            [bird.Id[..12], name, "Exited", "(3)", "sh", "-c", "'exit", "3'", $"{bird.CreatedAt.LocalDateTime:yyyy-MM-dd}", $"{bird.CreatedAt.LocalDateTime:HH:mm}"],
            lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_container_reads_as_its_name() =>
        Assert.Equal([Name("bird")], Session.Run($"\"$(New-Container -RootFileSystem $rootfs -Name {Name("bird")} true)\"").Lines);

    [Fact]
    public void An_error_is_one_sentence_without_a_stack_trace()
    {
        var error = Session.Fail(ContainerError.ContainerNotFound, "Stop-Container nosuch");

        Assert.Equal("There is no container 'nosuch'. Get-Container lists those there are.", error.ToString());
    }
}
