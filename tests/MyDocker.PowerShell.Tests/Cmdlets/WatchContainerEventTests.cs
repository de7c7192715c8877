using System.Collections.Concurrent;
using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class WatchContainerEventTests(Machine machine) : ContainerTest(machine)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<ContainerEventSource> sources = [];

    [Fact]
    public void A_life_in_order()
    {
        using var events = Watch();
        var bird = StartReady(Name("bird"), "trap 'exit 3' TERM; echo ready; while :; do sleep 0.1; done");
        var told = ReadUntil(events, ContainerEventKind.Started);
        // One after the other: what is over before it is looked at is not told.
        Do($"Suspend-Container {bird.Name}", ContainerEventKind.Paused);
        Do($"Resume-Container {bird.Name}", ContainerEventKind.Resumed);
        Do($"Set-Container {bird.Name} -PidsLimit 50", ContainerEventKind.Updated);
        Do($"Rename-Container {bird.Name} {Name("robin")}", ContainerEventKind.Renamed);
        Do($"Stop-Container {Name("robin")}", ContainerEventKind.Stopped);
        Do($"Remove-Container {Name("robin")}", ContainerEventKind.Removed);

        void Do(string script, ContainerEventKind last)
        {
            Session.Run(script);
            told.AddRange(ReadUntil(events, last));
        }

        Assert.Equal(
            [
                $"Created {bird.Name}", $"Started {bird.Name}", $"Paused {bird.Name}", $"Resumed {bird.Name}", $"Updated {bird.Name}", $"Renamed {Name("robin")}",
                $"Stopping {Name("robin")}", $"Stopped {Name("robin")}", $"Removed {Name("robin")}",
            ],
            told.Select(happened => happened.ToString()));
        Assert.All(told, happened => Assert.Equal(bird.Id, happened.Id));
        Assert.Equal(bird.CreatedAt, told[0].Time);
        Assert.Equal(bird.StartedAt, told[1].Time);
        Assert.Equal(bird.Name, told[5].OldName);
        Assert.Equal((3, StopReason.Exited), (told[7].ExitCode, told[7].StopReason));
        Assert.Equal(ContainerStatus.Stopped, told[7].Container!.Status);
        Assert.Null(told[8].Container);
    }

    [Fact]
    public void One_that_ends_by_itself_and_one_that_starts_again()
    {
        var bird = Create(Name("bird"), "", "sh", "-c", "exit 7");
        using var events = Watch();

        for (var run = 0; run < 3; run++)
        {
            Session.Run($"Start-Container {bird.Name} | Wait-Container");
            var told = ReadUntil(events, ContainerEventKind.Exited);
            Assert.Equal([ContainerEventKind.Started, ContainerEventKind.Exited], told.Select(happened => happened.Kind));
            Assert.Equal((7, StopReason.Exited), (told[1].ExitCode, told[1].StopReason));
        }
    }

    [Fact]
    public void Out_of_memory_is_told_before_the_end()
    {
        using var events = Watch();
        Start(Name("bird"), "-Memory 16MB", "sh", "-c", "exec tail /dev/zero");

        Assert.Equal(
            [ContainerEventKind.Created, ContainerEventKind.Started, ContainerEventKind.OutOfMemory, ContainerEventKind.Exited],
            ReadUntil(events, ContainerEventKind.Exited).Select(happened => happened.Kind));
    }

    [Theory]
    [InlineData("exit 5")]
    [InlineData("sleep 0.3; exit 5")]
    public void One_that_removes_itself_still_says_how_it_ended(string script)
    {
        using var events = Watch();

        for (var round = 0; round < 10; round++)
        {
            Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} -- sh -c '{script}'");

            var told = ReadUntil(events, ContainerEventKind.Removed);
            Assert.Equal(
                [ContainerEventKind.Created, ContainerEventKind.Started, ContainerEventKind.Exited, ContainerEventKind.Removed],
                told.Select(happened => happened.Kind));
            Assert.Equal(5, told[2].ExitCode);
            Assert.Equal(Name("bird"), told[3].Name);
        }
    }

    [Fact]
    public void A_start_that_fails_is_none()
    {
        var bird = Create(Name("bird"), "", "no-such-program");
        using var events = Watch();

        Session.Fail(ContainerError.CommandNotFound, $"Start-Container {bird.Name}");
        Session.Run($"Remove-Container {bird.Name}");

        Assert.Equal([ContainerEventKind.Removed], ReadUntil(events, ContainerEventKind.Removed).Select(happened => happened.Kind));
    }

    [Fact]
    public void Limits_that_the_kernel_refuses_are_no_change()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        using var events = Watch();

        Session.Fail(ContainerError.LimitRefused, $"Set-Container {bird.Name} -CpuSet 4711");
        Session.Run($"Set-Container {bird.Name} -PidsLimit 30; Remove-Container {bird.Name} -Force");

        Assert.Equal(
            [ContainerEventKind.Updated, ContainerEventKind.Stopping, ContainerEventKind.Stopped, ContainerEventKind.Removed],
            ReadUntil(events, ContainerEventKind.Removed).Select(happened => happened.Kind));
    }

    [Fact]
    public void The_end_of_a_container_whose_monitor_was_killed_is_told()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        using var events = Watch();
        HostProcess.Kill(HostProcess.MonitorOf(bird));

        HostProcess.Kill(bird.Pid!.Value);

        var told = ReadUntil(events, ContainerEventKind.Exited);
        Assert.Equal((StopReason.Lost, null), (Assert.Single(told).StopReason, told[0].ExitCode));
        Session.Run($"Remove-Container {bird.Name}");
        Assert.Equal([ContainerEventKind.Removed], ReadUntil(events, ContainerEventKind.Removed).Select(happened => happened.Kind));
    }

    [Fact]
    public void Many_at_once_are_told_each_in_order()
    {
        using var events = Watch();
        const int Count = 20;

        Session.Run($"1..{Count} | ForEach-Object {{ New-Container -RootFileSystem $rootfs -Name \"bird$_{All[1..]}\" true }} | Start-Container | Wait-Container | Remove-Container");

        var byId = new Dictionary<string, List<ContainerEventKind>>();
        while (byId.Values.Count(kinds => kinds.Contains(ContainerEventKind.Removed)) < Count)
        {
            var happened = Next(events);
            (byId.TryGetValue(happened.Id, out var kinds) ? kinds : byId[happened.Id] = []).Add(happened.Kind);
        }

        Assert.Equal(Count, byId.Count);
        Assert.All(byId.Values, kinds => Assert.Equal(
            [ContainerEventKind.Created, ContainerEventKind.Started, ContainerEventKind.Exited, ContainerEventKind.Removed], kinds));
    }

    [Fact]
    public void The_cmdlet_streams_what_is_asked_for_and_ends_by_itself()
    {
        using var other = NewSession();
        using var watching = other.Begin($"Watch-ContainerEvent -Name {Name("b*")} -Kind Exited, Removed -Count 2");
        // Until the watching has begun there is nothing to see of it: so we go on making containers.
        Eventually.True(() =>
        {
            Session.Run($"Invoke-Container -RootFileSystem $rootfs -Name {Name("robin")} true; Invoke-Container -RootFileSystem $rootfs -Name {Name("bird")} true");
            return watching.IsCompleted;
        });

        var events = watching.Wait().Output.Select(item => Assert.IsType<ContainerEvent>(item.BaseObject)).ToList();
        Assert.All(events, happened => Assert.Equal(Name("bird"), happened.Name));
        Assert.Equal(2, events.Count);
        Assert.All(events, happened => Assert.True(happened.Kind is ContainerEventKind.Exited or ContainerEventKind.Removed));
    }

    [Fact]
    public void A_time_out_ends_it_without_an_error()
    {
        var time = Stopwatch.StartNew();

        Assert.Empty(Session.Run($"Watch-ContainerEvent -Name {Name("bird")} -TimeoutSeconds 1").Output);

        Assert.InRange(time.Elapsed.TotalSeconds, 1, 5);
    }

    [Fact]
    public void Ctrl_C_ends_it_at_once()
    {
        using var watching = Session.Begin("Watch-ContainerEvent");
        Thread.Sleep(300);
        Assert.False(watching.IsCompleted);

        var time = Stopwatch.StartNew();
        watching.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
    }

    [Fact]
    public void A_watcher_raises_events_until_it_is_disposed_of()
    {
        using var source = Assert.IsType<ContainerEventSource>(Session.Run($"Watch-ContainerEvent -Name {All} -Kind Created -AsWatcher").Output[0].BaseObject);
        var seen = new List<string>();
        // What the first handler throws must neither end the session nor keep the second one from the next event.
        source.ContainerEvent += (_, arguments) => seen.Add(arguments.Event.ToString());
        source.ContainerEvent += (_, _) => throw new InvalidOperationException("A handler's own affair.");

        Create(Name("bird"), "", "true");
        Eventually.True(() => seen.Count == 1);
        Create(Name("robin"), "", "true");
        Eventually.True(() => seen.Count == 2);
        source.Dispose();
        Create(Name("wren"), "", "true");

        Thread.Sleep(200);
        Assert.Equal([$"Created {Name("bird")}", $"Created {Name("robin")}"], seen);
    }

    /// <summary>What happens to this test's containers from now on.</summary>
    private BlockingCollection<ContainerEvent> Watch()
    {
        var events = new BlockingCollection<ContainerEvent>();
        var source = new ContainerEventSource(ContainerStore.FromEnvironment(), happened => happened.Name.EndsWith(All[1..], StringComparison.Ordinal));
        source.ContainerEvent += (_, arguments) => events.Add(arguments.Event);
        sources.Add(source);
        return events;
    }

    private static ContainerEvent Next(BlockingCollection<ContainerEvent> events) =>
        events.TryTake(out var happened, Patience) ? happened : throw new TimeoutException("Nothing more has happened.");

    private static List<ContainerEvent> ReadUntil(BlockingCollection<ContainerEvent> events, ContainerEventKind last)
    {
        var told = new List<ContainerEvent>();
        do
            told.Add(Next(events));
        while (told[^1].Kind != last);
        return told;
    }

    protected override void Dispose(bool disposing)
    {
        sources.ForEach(source => source.Dispose());
        base.Dispose(disposing);
    }
}
