using System.Diagnostics;
using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class InvokeContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Standard_output_comes_through_the_pipeline_and_standard_error_as_errors_that_end_nothing()
    {
        var outcome = Session.Try(
            "$ErrorActionPreference = 'Stop'; Invoke-Container -RootFileSystem $rootfs -Command $args", "sh", "-c", "echo one; echo oops >&2; printf 'two\\r\\n\\nthree'");

        Assert.Equal(["one", "two", "", "three"], outcome.Lines);
        var line = Assert.Single(outcome.Errors);
        Assert.Equal(("MyDocker.ErrorLine", "oops"), (line.GetType().FullName, line.ToString()));
    }

    [Fact]
    public void A_line_comes_while_the_container_still_runs()
    {
        using var running = Session.Begin($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} -- sh -c 'echo one; sleep 300'");

        Eventually.True(() => running.Output.Count == 1);
        Assert.Equal("one", running.Output[0].BaseObject);
        Assert.False(running.IsCompleted);
        running.Stop();
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("nosuch", 127)]
    [InlineData("ulimit -c 0; exec sh -c 'kill -SEGV $$; sleep 1' & wait $!", 139)]
    public void The_exit_code_is_left_for_the_session(string script, int exitCode)
    {
        _ = Session.Try("Invoke-Container -RootFileSystem $rootfs -Command $args", "sh", "-c", script);

        Assert.Equal(exitCode, Session.LastExitCode);
    }

    [Fact]
    public void A_signal_is_128_and_its_number()
    {
        using var running = Session.Begin($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} sleep 300");
        Eventually.True(() => PidSeenFromOutside() is not null);
        HostProcess.Kill(PidSeenFromOutside()!.Value);
        running.Wait();

        Assert.Equal(128 + 9, Session.LastExitCode);
    }

    [Fact]
    public void The_container_is_gone_afterwards_unless_it_is_to_be_kept()
    {
        Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("robin")} true");
        Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("ibis")} -Keep -- sh -c 'exit 2'");

        var kept = Session.Run($"Get-Container {All}").Container;
        Assert.Equal((Name("ibis"), ContainerStatus.Exited, 2), (kept.Name, kept.Status, kept.ExitCode));
    }

    [Fact]
    public void The_name_can_be_used_again_at_once()
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal(["tweet"], Invoke($"-Name {Name("bird")}", "echo", "tweet"));
    }

    [Fact]
    public void Detached_it_emits_the_container()
    {
        var bird = Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} -Detach sleep 300").Container;

        Assert.Equal(ContainerStatus.Running, bird.Status);
        Assert.Equal(bird.Pid, Get(bird.Name).Pid);
    }

    [Fact]
    public void Run_container_is_another_word_for_it() =>
        Assert.Equal(["tweet"], Session.Run("Run-Container -RootFileSystem $rootfs echo tweet").Lines);

    [Theory]
    [InlineData("nosuch", ContainerError.CommandNotFound, ErrorCategory.ObjectNotFound)]
    [InlineData("/etc/passwd", ContainerError.CommandNotFound, ErrorCategory.ObjectNotFound)]
    [InlineData("-WorkingDirectory /etc/passwd true", ContainerError.ContainerStartFailed, ErrorCategory.OpenError)]
    public void A_start_that_fails_leaves_no_container(string arguments, ContainerError expected, ErrorCategory category)
    {
        var error = Session.Fail(expected, $"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} {arguments}");

        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Empty(Session.Run($"Get-Container {All}").Output);
    }

    [Fact]
    public void What_is_said_last_is_not_lost()
    {
        var lines = Invoke("", "seq", "20000");

        Assert.Equal(Enumerable.Range(1, 20000).Select(number => $"{number}"), lines);
    }

    [Fact]
    public void A_character_cut_in_two_comes_out_whole() =>
        Assert.Equal(["grün"], Invoke("", "sh", "-c", "printf 'gr\\303'; sleep 0.3; printf '\\274n\\n'"));

    [Fact]
    public void A_pipeline_that_wants_no_more_ends_the_container()
    {
        var time = Stopwatch.StartNew();

        var lines = Session.Run($"foreach ($once in 1) {{ Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} yes | ForEach-Object {{ $_; break }} }}").Lines;

        Assert.Equal("y", lines[0]);
        Eventually.True(() => Session.Run($"Get-Container {All}").Output.Count == 0, "the container is gone");
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 10);
    }

    private int? PidSeenFromOutside()
    {
        using var other = NewSession();
        return other.Run($"Get-Container {All}").Containers.SingleOrDefault()?.Pid;
    }
}
