namespace MyDocker.Tests.Fixture;

/// <summary>Tests that break a store, or count all there is in it: each has one of its own, and runs while no other test does.</summary>
[Collection(nameof(OwnStoreTest))]
public abstract class OwnStoreTest : ContainerTest
{
    // Not a field with an initializer: that would come before the base decides to skip.
    protected OwnStoreTest(Machine machine)
        : base(machine) => Store = new TestStore();

    private protected TestStore Store { get; }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Store.Dispose();
    }
}

/// <summary>The environment names the store, and there is one environment.</summary>
[CollectionDefinition(nameof(OwnStoreTest), DisableParallelization = true)]
public sealed class OwnStoreTests;
