using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed class ConcurrencyAttacks(Machine machine) : OwnStoreTest(machine)
{
    private const int Width = 8;

    [Fact(DisplayName = "ATTACKS: 22 of 40 concurrent runs died")]
    public void Forty_runs_eight_wide_have_each_their_own_exit_code_and_output()
    {
        InParallel((session, number) =>
        {
            var lines = session.Run($"Invoke-Container -RootFileSystem $rootfs -- sh -c 'echo {number}; exit {number}'").Lines;

            Assert.Equal([$"{number}"], lines);
            Assert.Equal(number, session.LastExitCode);
        }, 40);

        Assert.Empty(Session.Run("Get-Container").Output);
        Assert.Empty(Directory.GetFileSystemEntries($"{Store.Folder}/names"));
    }

    [Fact(DisplayName = "ATTACKS: two containers share one write layer")]
    public void Each_container_has_its_own_layer()
    {
        InParallel(
            (session, number) => Assert.Equal(
                [$"mine {number}"],
                session.Run($"Invoke-Container -RootFileSystem $rootfs -- sh -c 'test -e /mine && echo shared; echo mine {number} > /mine; sleep 0.3; cat /mine'").Lines),
            16);

        Assert.False(File.Exists($"{RootFileSystem}/mine"));
    }

    [Fact(DisplayName = "ATTACKS: rm and cleanup race")]
    public void Removing_and_ending_at_the_same_time_loses_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var bird = Start(Name("bird"), "", "sleep", "300");
            HostProcess.Signal(bird.Pid!.Value, Mono.Unix.Native.Signum.SIGKILL);
            Session.Run($"Remove-Container {bird.Name} -Force");
            Assert.Empty(HostCgroup.Of(bird.Id));
        }

        Assert.Empty(Session.Run("Get-Container").Output);
    }

    [Fact(DisplayName = "ATTACKS: rm and cleanup race: the exit record outlives the container until read")]
    public void One_that_removes_itself_at_once_still_tells_its_exit_code()
    {
        for (var round = 0; round < 10; round++)
        {
            var bird = Start(Name($"bird{round}"), "-AutoRemove", "sh", "-c", "trap 'exit 8' TERM; while :; do sleep 0.01; done");
            using var other = NewSession();
            using var waiting = other.Begin($"Wait-Container {bird.Name}");
            Thread.Sleep(100);
            Session.Run($"Stop-Container {bird.Name} -Timeout 3");

            Assert.Equal(8, waiting.Wait().Container.ExitCode);
            Assert.False(Directory.Exists(bird.BundlePath));
        }
    }

    [Fact(DisplayName = "ATTACKS: several sessions change one container")]
    public void Starts_stops_and_removals_of_one_container_leave_it_whole()
    {
        var bird = Create(Name("bird"), "", "sleep", "300");
        string[] allowed = ["ContainerRunning", "ContainerNotFound"];

        InParallel((session, number) =>
        {
            var outcome = session.Try(number % 2 == 0 ? $"Start-Container {bird.Name}" : $"Stop-Container {bird.Name}");
            Assert.All(outcome.Errors, error => Assert.Contains(error.FullyQualifiedErrorId.Split(',')[0], allowed));
        }, 24);

        var seen = Get(bird.Name);
        Assert.Equal(seen.Status == ContainerStatus.Running, seen.Pid is { } pid && HostProcess.IsAlive(pid));
        Session.Run($"Remove-Container {bird.Name} -Force");
    }

    /// <summary>Does something many times, in eight sessions at once.</summary>
    private void InParallel(Action<Session, int> action, int times)
    {
        var next = 0;
        var workers = Enumerable.Range(0, Width).Select(_ => new Thread(() =>
        {
            using var session = NewSession();
            for (var number = Interlocked.Increment(ref next); number <= times; number = Interlocked.Increment(ref next))
            {
                try
                {
                    action(session, number);
                }
                catch (Exception exception)
                {
                    lock (failures)
                        failures.Add(exception);
                }
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    private readonly List<Exception> failures = [];
}
