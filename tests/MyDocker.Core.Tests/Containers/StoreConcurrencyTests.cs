using System.Collections.Concurrent;
using System.Globalization;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class StoreConcurrencyTests : IDisposable
{
    private const int Width = 8;

    private readonly TemporaryStore temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    [Trait("Attack", "names like `../../etc`, or two containers of one name")]
    public void Of_eight_that_want_one_name_one_gets_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"bird-{round}");
            var winners = new ConcurrentBag<Container>();
            AtOnce(_ =>
            {
                try
                {
                    // A store of its own for each, as each pwsh has.
                    winners.Add(new ContainerStore(temporary.Store.Root, temporary.Store.Run).Create(name, temporary.Spec));
                }
                catch (ContainerException failure) when (failure.Error == ContainerError.ContainerNameInUse)
                {
                    // One of the seven.
                }
            });
            Assert.Equal(Assert.Single(winners).Id, temporary.Store.Find(name).Id);
        }

        temporary.AssertConsistent(Enumerable.Range(0, 10).Select(round => $"bird-{round}"));
    }

    [Fact]
    [Trait("Attack", "two containers share one write layer; 22 of 40 concurrent runs died")]
    public void Two_hundred_creations_eight_wide_leave_a_whole_store()
    {
        var names = new ConcurrentBag<string>();
        AtOnce(worker =>
        {
            for (var i = 0; i < 200 / Width; i++)
                names.Add(temporary.Create(i % 2 == 0 ? string.Create(CultureInfo.InvariantCulture, $"bird-{worker}-{i}") : null).Name);
        });
        Assert.Equal(200, names.Distinct().Count());
        temporary.AssertConsistent(names);
    }

    [Fact]
    [Trait("Attack", "rm and cleanup race")]
    public void Creating_listing_renaming_and_removing_do_not_disturb_each_other()
    {
        var kept = new ConcurrentBag<string>();
        AtOnce(worker =>
        {
            for (var i = 0; i < 10; i++)
            {
                var container = temporary.Create(null);
                // One that is being removed by another is in the list or is not; an error it never is.
                Assert.Contains(container.Id, temporary.Store.List(broken => Assert.Fail(broken.Message)).Select(listed => listed.Id));
                var name = string.Create(CultureInfo.InvariantCulture, $"bird-{worker}-{i}");
                _ = container.Rename(name);
                if (i % 2 == 0)
                    container.Remove(force: false, CancellationToken.None);
                else
                    kept.Add(name);
            }
        });
        temporary.AssertConsistent(kept);
    }

    [Fact]
    public void Of_eight_that_remove_one_container_one_does_and_none_breaks()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = temporary.Create("bird").Id;
            var removed = 0;
            AtOnce(_ =>
            {
                try
                {
                    temporary.Store.Find(id).Remove(force: false, CancellationToken.None);
                    Interlocked.Increment(ref removed);
                }
                catch (ContainerException failure) when (failure.Error == ContainerError.ContainerNotFound)
                {
                    // Another was faster.
                }
            });
            Assert.Equal(1, removed);
        }

        temporary.AssertConsistent();
    }

    private static void AtOnce(Action<int> work)
    {
        using var start = new Barrier(Width);
        var failures = new ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, Width).Select(worker => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(worker);
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }
}
