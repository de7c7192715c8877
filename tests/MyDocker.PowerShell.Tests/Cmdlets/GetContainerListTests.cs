using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class GetContainerListTests(Machine machine) : OwnStoreTest(machine)
{
    [Fact]
    public void A_store_that_nobody_has_written_to_is_empty() => Assert.Empty(Session.Run("Get-Container").Output);
}
