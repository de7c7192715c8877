using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class StoreLookupTests : IDisposable
{
    private readonly TemporaryStore temporary = new();

    private ContainerStore Store => temporary.Store;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_store_that_is_not_there_is_empty_and_stays_unmade()
    {
        Assert.Empty(Store.List(broken => Assert.Fail(broken.Message)));
        Assert.Empty(Store.Names());
        AssertFails(ContainerError.ContainerNotFound, () => Store.Find("bird"));
        AssertFails(ContainerError.ContainerNotFound, () => Store.FindById("abcd"));
        Assert.False(Directory.Exists(Store.Root));
    }

    [Fact]
    public void A_container_is_found_by_name_by_id_and_by_the_beginning_of_its_id()
    {
        var bird = temporary.Create("bird");
        _ = temporary.Create("worm");
        Assert.Equal(bird.Id, Store.Find("bird").Id);
        Assert.Equal("bird", Store.Find(bird.Id).Name);
        Assert.Equal("bird", Store.FindById(bird.Id).Name);
        Assert.Equal("bird", Store.FindById(bird.Id[..20]).Name);
        Assert.Equal("bird", Store.FindById(bird.Id[..20].ToUpperInvariant()).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("Bird")]
    [InlineData("..")]
    [InlineData("../containers")]
    [InlineData("/etc/passwd")]
    [Trait("Attack", "names like `../../etc`, or two containers of one name")]
    public void Whatever_else_is_asked_for_is_not_found(string name)
    {
        _ = temporary.Create("bird");
        AssertFails(ContainerError.ContainerNotFound, () => Store.Find(name));
    }

    [Theory]
    [InlineData("", ContainerError.InvalidArgument)]
    [InlineData("abc", ContainerError.InvalidArgument)]
    [InlineData("zzzz", ContainerError.ContainerNotFound)]
    [InlineData("....", ContainerError.ContainerNotFound)]
    public void An_id_that_is_none_says_so(string prefix, ContainerError error)
    {
        _ = temporary.Create("bird");
        AssertFails(error, () => Store.FindById(prefix));
    }

    [Fact]
    public void A_beginning_that_two_ids_share_is_ambiguous()
    {
        var first = temporary.Rebrand(temporary.Create("bird"), "abcdef0");
        var second = temporary.Rebrand(temporary.Create("worm"), "abcdef1");
        var failure = Assert.Throws<ContainerException>(() => Store.FindById("abcdef"));
        Assert.Equal((ContainerError.AmbiguousContainerId, "abcdef"), (failure.Error, failure.Target));
        Assert.Equal("bird", Store.FindById("abcdef0").Name);
        Assert.Equal("worm", Store.FindById(second).Name);
        Assert.Equal(first, Store.Find("bird").Id);
    }

    [Fact]
    public void The_list_is_in_the_order_of_creation()
    {
        string[] names = ["c", "a", "b"];
        foreach (var name in names)
            _ = temporary.Create(name);
        Assert.Equal(names, Store.List(_ => { }).Select(container => container.Name));
    }

    public static TheoryData<string> Broken() =>
        ["", "null", "[]", "{", "{\"id\":1}", "{}", "{\"schemaVersion\":1,\"id\":\"x\",\"name\":\"bird\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"spec\":{\"command\":[\"true\"]}}"];

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("Attack", "one bad file breaks the list")]
    public void A_broken_record_is_one_error_and_the_others_are_listed(string text)
    {
        var bird = temporary.Create("bird");
        _ = temporary.Create("worm");
        var path = $"{bird.Folder}/container.json";
        File.WriteAllText(path, text);

        AssertListsOnly("worm", path);
        AssertFails(ContainerError.ContainerStateInvalid, () => Store.Find("bird"));
        AssertFails(ContainerError.ContainerNameInUse, () => temporary.Create("bird"));
    }

    [Theory]
    [InlineData("\"name\": \"bird\"", "\"name\": \"../../etc\"")]
    [InlineData("\"name\": \"bird\"", "\"name\": null")]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 2")]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 0")]
    [InlineData("\"command\": [", "\"command\": null, \"x\": [")]
    public void A_record_that_lies_is_broken(string truth, string lie)
    {
        var bird = temporary.Create("bird");
        _ = temporary.Create("worm");
        var path = $"{bird.Folder}/container.json";
        var text = File.ReadAllText(path);
        Assert.Contains(truth, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(truth, lie, StringComparison.Ordinal));
        AssertListsOnly("worm", path);
    }

    [Fact]
    [Trait("Attack", "one folder without its JSON file makes every `ps` fatal; `ps` racing `stop` reads half a file")]
    public void A_folder_without_its_record_is_one_error()
    {
        var bird = temporary.Create("bird");
        _ = temporary.Create("worm");
        File.Delete($"{bird.Folder}/container.json");
        AssertListsOnly("worm", $"{bird.Folder}/container.json");
    }

    [Fact]
    public void What_is_no_container_is_passed_over()
    {
        _ = temporary.Create("bird");
        Directory.CreateDirectory(temporary["containers/lost+found"]);
        Directory.CreateDirectory(temporary["containers/." + new string('a', 64)]);
        File.WriteAllText(temporary["containers/" + new string('b', 64)], "");
        Assert.Equal(["bird"], Store.List(broken => Assert.Fail(broken.Message)).Select(container => container.Name));
    }

    private void AssertListsOnly(string name, string broken)
    {
        var errors = new List<ContainerException>();
        Assert.Equal([name], Store.List(errors.Add).Select(container => container.Name));
        var error = Assert.Single(errors);
        Assert.Equal((ContainerError.ContainerStateInvalid, broken), (error.Error, error.Target));
        Assert.Contains(broken, error.Message, StringComparison.Ordinal);
    }

    private static void AssertFails(ContainerError error, Func<Container> what) => Assert.Equal(error, Assert.Throws<ContainerException>(what).Error);
}
