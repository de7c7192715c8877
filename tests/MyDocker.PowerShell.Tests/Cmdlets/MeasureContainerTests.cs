using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class MeasureContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void What_works_is_told_from_what_sleeps()
    {
        Start(Name("busy"), "", "sh", "-c", "while :; do :; done");
        Start(Name("idle"), "", "sleep", "300");

        var measured = Measure($"Measure-Container {Name("busy")}, {Name("idle")} -IntervalSeconds 1");

        Assert.Equal([Name("busy"), Name("idle")], measured.Select(statistics => statistics.Name));
        Assert.InRange(measured[0].CpuPercent, 5, 150);
        Assert.InRange(measured[1].CpuPercent, 0, 5);
        Assert.True(measured[0].CpuTime > measured[1].CpuTime);
    }

    [Fact]
    public void Limits_and_numbers_of_processes()
    {
        var bird = StartReady(Name("bird"), "sleep 300 & sleep 301 & echo ready; wait", "-Memory 64MB -PidsLimit 50");
        Start(Name("free"), "", "sleep", "300");

        var limited = Measure($"Measure-Container {bird.Name}")[0];
        var free = Measure($"Measure-Container {Name("free")}")[0];

        Assert.Equal((bird.Id, 64L << 20, 3L, 50L), (limited.Id, limited.MemoryLimit!.Value, limited.Pids!.Value, limited.PidsLimit!.Value));
        Assert.Equal((null, 1L, null), (free.MemoryLimit, free.Pids!.Value, free.PidsLimit));
        Assert.True(limited.MemoryPercent > free.MemoryPercent, "of the limit, or of the machine's memory");
    }

    [Fact]
    public void Memory_is_what_processes_hold_without_files_that_could_be_dropped()
    {
        // 20 MB in /dev/shm are held; 20 MB of a file that was only read could go.
        var bird = StartReady(
            Name("bird"), "head -c 20000000 /dev/zero > /tmp/file; sync; cat /tmp/file > /dev/null; head -c 20000000 /dev/zero > /dev/shm/held; echo ready; sleep 300");

        Assert.InRange(Measure($"Measure-Container {bird.Name}")[0].MemoryUsage!.Value, 20_000_000, 39_000_000);
    }

    [Fact]
    public void What_goes_through_the_network_is_counted_but_not_for_the_hosts()
    {
        Start(Name("none"), "", "sleep", "300");
        Start(Name("host"), "-Network Host", "sleep", "300");

        Assert.Equal((0L, 0L), Measure($"Measure-Container {Name("none")}")[0] is var none ? (none.NetworkReceived!.Value, none.NetworkSent!.Value) : default);
        Assert.Null(Measure($"Measure-Container {Name("host")}")[0].NetworkReceived);
    }

    [Fact]
    public void Many_are_measured_in_the_same_moment()
    {
        for (var i = 0; i < 5; i++)
            Start(Name($"bird{i}"), "", "sleep", "300");

        var time = Stopwatch.StartNew();
        var measured = Measure($"Measure-Container {All} -IntervalSeconds 1");

        Assert.Equal(5, measured.Length);
        Assert.InRange(time.Elapsed.TotalSeconds, 1, 4);
    }

    [Fact]
    public void Continuously_until_none_runs_any_more()
    {
        Start(Name("bird"), "", "sleep", "1");
        Start(Name("robin"), "", "sleep", "300");

        using var measuring = Session.Begin($"Measure-Container {Name("bird")}, {Name("robin")} -Continuous -IntervalSeconds 0.1");
        Eventually.True(() => measuring.Output.Count > 4);
        using var other = NewSession();
        other.Run($"Wait-Container {Name("bird")}; Stop-Container {Name("robin")}");
        Eventually.True(() => measuring.IsCompleted);

        var outcome = measuring.Wait();
        Assert.Empty(outcome.Errors);
        Assert.Equal([Name("bird"), Name("robin")], outcome.Output.Select(item => ((ContainerStatistics)item.BaseObject).Name).Distinct());
    }

    [Fact]
    public void A_wildcard_means_those_too_that_are_started_meanwhile()
    {
        Start(Name("bird"), "", "sleep", "300");
        using var measuring = Session.Begin($"Measure-Container {All} -Continuous -IntervalSeconds 0.1");
        Eventually.True(() => measuring.Output.Count > 1);
        using var other = NewSession();

        other.Run($"New-Container -RootFileSystem $rootfs -Name {Name("robin")} sleep 300 | Start-Container");

        Eventually.True(() => measuring.Output.Any(item => ((ContainerStatistics)item.BaseObject).Name == Name("robin")));
        measuring.Stop();
    }

    [Theory]
    [InlineData("-IntervalSeconds 300")]
    [InlineData("-Continuous -IntervalSeconds 300")]
    public void Ctrl_C_ends_it_at_once(string how)
    {
        Start(Name("bird"), "", "sleep", "300");
        using var measuring = Session.Begin($"Measure-Container {Name("bird")} {how}");
        Thread.Sleep(300);
        Assert.False(measuring.IsCompleted);

        var time = Stopwatch.StartNew();
        measuring.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
    }

    [Fact]
    public void A_container_that_is_started_again_counts_from_the_beginning()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "while :; do :; done");
        Eventually.True(() => Measure($"Measure-Container {bird.Name}")[0].CpuTime > TimeSpan.FromMilliseconds(300));
        using var other = NewSession();
        using var measuring = other.Begin($"Measure-Container {bird.Name} -IntervalSeconds 3");
        Thread.Sleep(300);

        Session.Run($"Restart-Container {bird.Name} -Force");

        Assert.Equal(0, ((ContainerStatistics)Assert.Single(measuring.Wait().Output).BaseObject).CpuPercent);
    }

    [Fact]
    public void One_that_does_not_run_is_an_error_unless_a_wildcard_means_it()
    {
        Create(Name("bird"), "", "true");

        Session.Fail(ContainerError.ContainerNotRunning, $"Measure-Container {Name("bird")}");
        Assert.Empty(Session.Run($"Measure-Container {All}").Output);
    }

    private ContainerStatistics[] Measure(string script) =>
        [.. Session.Run(script).Output.Select(item => Assert.IsType<ContainerStatistics>(item.BaseObject))];
}
