using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class StoreChangeTests : IDisposable
{
    private readonly TemporaryStore temporary = new();

    private ContainerStore Store => temporary.Store;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_renamed_container_has_its_new_name_only()
    {
        var bird = temporary.Create("bird");
        Assert.Equal("robin", bird.Rename("robin").Name);
        Assert.Equal("robin", bird.Name);
        Assert.Equal(bird.Id, Store.Find("robin").Id);
        temporary.AssertConsistent("robin");
        _ = temporary.Create("bird");
        temporary.AssertConsistent("bird", "robin");
    }

    [Fact]
    public void Its_own_name_is_no_other() => Assert.Equal("bird", temporary.Create("bird").Rename("bird").Name);

    [Theory]
    [InlineData("worm", ContainerError.ContainerNameInUse)]
    [InlineData("../../etc", ContainerError.InvalidContainerName)]
    [InlineData("", ContainerError.InvalidContainerName)]
    public void A_name_that_can_not_be_had_changes_nothing(string newName, ContainerError error)
    {
        _ = temporary.Create("worm");
        var bird = temporary.Create("bird");
        Assert.Equal(error, Assert.Throws<ContainerException>(() => bird.Rename(newName)).Error);
        temporary.AssertConsistent("bird", "worm");
    }

    [Fact]
    public void A_rename_keeps_the_fields_of_a_later_version()
    {
        var bird = temporary.Create("bird");
        var record = $"{bird.Folder}/container.json";
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"schemaVersion\": 1,", "\"schemaVersion\": 1, \"colour\": \"red\",", StringComparison.Ordinal));
        _ = Store.Find("bird").Rename("robin");
        Assert.Contains("\"colour\": \"red\"", File.ReadAllText(record), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_container_is_gone_with_its_name()
    {
        var bird = temporary.Create("bird");
        bird.Remove(force: false, CancellationToken.None);
        temporary.AssertConsistent();
        Assert.Equal(ContainerError.ContainerNotFound, Assert.Throws<ContainerException>(() => bird.Remove(false, CancellationToken.None)).Error);
        _ = temporary.Create("bird");
        temporary.AssertConsistent("bird");
    }

    [Fact]
    public void Renamed_by_another_since_it_was_read_it_is_removed_all_the_same()
    {
        var bird = temporary.Create("bird");
        _ = Store.Find("bird").Rename("robin");
        bird.Remove(force: false, CancellationToken.None);
        temporary.AssertConsistent();
    }

    [Fact]
    public void A_rename_of_a_removed_container_leaves_no_name()
    {
        var bird = temporary.Create("bird");
        Store.Find("bird").Remove(force: false, CancellationToken.None);
        Assert.Equal(ContainerError.ContainerNotFound, Assert.Throws<ContainerException>(() => bird.Rename("robin")).Error);
        temporary.AssertConsistent();
    }
}
