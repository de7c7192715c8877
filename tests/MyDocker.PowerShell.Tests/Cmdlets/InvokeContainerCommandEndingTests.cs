using System.Diagnostics;
using MyDocker.Processes;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>How a command ends, and what ends with it.</summary>
public sealed class InvokeContainerCommandEndingTests(Machine machine) : CommandTest(machine)
{
    private const string Family = "sleep 301 & sleep 302 & sleep 303";

    [Fact]
    public void Ctrl_C_kills_the_process_group_and_nothing_else()
    {
        var bird = StartBird();
        Session.Run($"Invoke-ContainerCommand {Bird} -Detach sleep 299");
        var other = AwaitProcess(bird, "sleep 299");
        using var session = NewSession();
        using var running = session.Begin($"Invoke-ContainerCommand {Bird} -- sh -c '{Family}'");
        int[] family = [AwaitProcess(bird, "sleep 301"), AwaitProcess(bird, "sleep 302"), AwaitProcess(bird, "sleep 303")];

        var time = Stopwatch.StartNew();
        running.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
        Eventually.True(() => !family.Any(HostProcess.IsAlive));
        Assert.True(HostProcess.IsAlive(other));
        Assert.Equal((ContainerStatus.Running, bird.Pid), Get(Bird) is var now ? (now.Status, now.Pid) : default);
    }

    [Fact]
    public void A_pipeline_that_wants_no_more_kills_it()
    {
        var bird = StartBird();

        Assert.Equal("y", Session.Run($"foreach ($once in 1) {{ Invoke-ContainerCommand {Bird} yes | ForEach-Object {{ $_; break }} }}").Lines[0]);
        Assert.Equal("y", Session.Run($"foreach ($once in 1) {{ 1..3 | Invoke-ContainerCommand {Bird} yes | ForEach-Object {{ $_; break }} }}").Lines[0]);

        Eventually.True(() => !OthersIn(bird).Any(HostProcess.IsAlive));
        Assert.Equal(ContainerStatus.Running, Get(Bird).Status);
    }

    [Fact]
    public void Detached_it_goes_on_by_itself_and_is_reaped()
    {
        var bird = StartBird();
        var time = Stopwatch.StartNew();

        var emitted = Session.Run($"Invoke-ContainerCommand {Bird} -Detach -- sh -c 'while ! test -e /go; do sleep 0.05; done; touch /done'").Container;

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
        Assert.Equal(bird.Id, emitted.Id);
        var command = AwaitProcess(bird, "touch /done");
        var helper = HostProcess.ParentOf(command)!.Value;
        Exec("", "touch", "/go");
        // No zombie stays, neither inside nor here.
        Eventually.True(() => ProcessStat.TryRead(command) is null && ProcessStat.TryRead(helper) is null);
        Assert.Equal(["done"], Exec("", "sh", "-c", "test -e /done && echo done"));
    }

    [Fact]
    public void A_detached_one_outlives_its_session()
    {
        var bird = StartBird();

        OtherSession.Run($"Invoke-ContainerCommand {Bird} -Detach sleep 301", RootFileSystem);

        Assert.True(HostProcess.IsAlive(AwaitProcess(bird, "sleep 301")));
    }

    [Theory]
    [InlineData("sleep 301 & echo out")]
    [InlineData("sleep 301 & echo out; echo err >&2")]
    [InlineData("(trap : HUP; yes 301) & echo out")]
    public void What_it_leaves_behind_holds_nobody_up(string script)
    {
        var bird = StartBird();
        var time = Stopwatch.StartNew();

        // Lines that yes(1) had said by then are the command's as well.
        Assert.Contains("out", Session.Run($"Invoke-ContainerCommand {Bird} -- sh -c $args[0] 2>$null", script).Lines);

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 3);
        if (script.StartsWith("sleep", StringComparison.Ordinal))
            Assert.True(HostProcess.IsAlive(AwaitProcess(bird, "sleep 301")));
    }

    [Fact]
    public void A_killed_session_takes_it_along()
    {
        var bird = StartBird();
        using var session = OtherSession.Start($"Invoke-ContainerCommand {Bird} -- sh -c '{Family}'", RootFileSystem);
        int[] family = [AwaitProcess(bird, "sleep 301"), AwaitProcess(bird, "sleep 302"), AwaitProcess(bird, "sleep 303")];

        session.Kill();
        session.WaitForExit();

        Eventually.True(() => !family.Any(HostProcess.IsAlive));
        Assert.True(HostProcess.IsAlive(bird.Pid!.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-User bird")]
    public void A_killed_helper_takes_it_along_and_is_one_clear_error(string options)
    {
        var bird = StartBird();
        using var running = Session.Begin($"Invoke-ContainerCommand {Bird} {options} sleep 301");
        var command = AwaitProcess(bird, "sleep 301");

        HostProcess.Kill(HostProcess.ParentOf(command)!.Value);

        var error = Assert.Single(running.Wait().Errors);
        Assert.StartsWith(nameof(ContainerError.ContainerCommandFailed), error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("was killed, and the command with it", error.Exception.Message, StringComparison.Ordinal);
        Eventually.True(() => !HostProcess.IsAlive(command));
        Assert.True(HostProcess.IsAlive(bird.Pid!.Value));
    }

    [Theory]
    [InlineData("Stop-Container {0} -Force")]
    [InlineData("Stop-Container {0} -Timeout 0")]
    [InlineData("Remove-Container {0} -Force")]
    public void The_containers_own_end_is_its_end(string command)
    {
        var bird = StartBird();
        using var session = NewSession();
        using var running = session.Begin($"Invoke-ContainerCommand {Bird} -- sh -c '{Family}'");
        AwaitProcess(bird, "sleep 303");

        Session.Run(string.Format(null, command, Bird));
        running.Wait();

        Assert.Equal(137, session.LastExitCode);
        Session.Run($"Remove-Container {All}");
        Assert.Empty(HostCgroup.Of(bird.Id));
    }

    [Fact]
    public void A_container_that_ends_by_itself_ends_at_once_whatever_is_executed_in_it()
    {
        var bird = Start(Bird, "", "sh", "-c", "while ! test -e /go; do sleep 0.05; done; exit 3");
        using var session = NewSession();
        using var running = session.Begin($"Invoke-ContainerCommand {Bird} sleep 301");
        AwaitProcess(bird, "sleep 301");
        Exec("", "touch", "/go");

        Assert.Equal((ContainerStatus.Exited, 3), Session.Run($"Wait-Container {Bird} -Timeout 5").Container is var ended ? (ended.Status, ended.ExitCode) : default);
        running.Wait();

        Assert.Equal(137, session.LastExitCode);
    }
}
