using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class StoreCreationTests : IDisposable
{
    private readonly TemporaryStore temporary = new();

    private ContainerStore Store => temporary.Store;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_new_container_is_whole()
    {
        var bird = temporary.Create("bird");
        Assert.Equal(ContainerStatus.Created, bird.Inspect().Status);
        Assert.Equal(["config.json", "container.json", "layer", "rootfs"], Directory.GetFileSystemEntries(bird.Folder).Select(path => Path.GetFileName(path)).Order());
        Assert.Equal(bird.Id[..12], Store.Find("bird").Spec.Hostname);
        temporary.AssertConsistent("bird");
    }

    [Fact]
    public void Only_the_owner_may_look_inside()
    {
        var bird = temporary.Create("bird");
        Assert.All(
            (string[])[Store.Root, temporary["containers"], temporary["names"], temporary["removed"], bird.Folder, $"{bird.Folder}/layer"],
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path)));
        Assert.All(
            (string[])["container.json", "config.json"],
            name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{bird.Folder}/{name}")));
    }

    [Fact]
    public void Without_a_name_one_is_made_up()
    {
        var containers = Enumerable.Range(0, 10).Select(_ => temporary.Create(null)).ToList();
        Assert.All(containers, container => Assert.True(ContainerName.IsValid(container.Name)));
        temporary.AssertConsistent(containers.Select(container => container.Name));
    }

    [Fact]
    [Trait("Attack", "names like `../../etc`, or two containers of one name")]
    public void A_taken_name_is_refused_and_nothing_is_left()
    {
        var bird = temporary.Create("bird");
        var failure = Assert.Throws<ContainerException>(() => temporary.Create("bird"));
        Assert.Equal((ContainerError.ContainerNameInUse, "bird"), (failure.Error, failure.Target));
        Assert.Equal(bird.Id, Store.Find("bird").Id);
        temporary.AssertConsistent("bird");
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData(".bird")]
    public void A_bad_name_is_refused_before_anything_is_made(string name)
    {
        AssertRefused(ContainerError.InvalidContainerName, name, temporary.Spec);
        Assert.False(Directory.Exists(Store.Root));
    }

    [Fact]
    public void What_fails_half_way_is_never_visible_and_leaves_no_folder()
    {
        _ = temporary.Create("worm");
        AssertRefused(ContainerError.InvalidArgument, "bird", temporary.Spec with { RootFileSystem = temporary["none"] });
        AssertRefused(ContainerError.InvalidArgument, "bird", temporary.Spec with { User = "nobody-of-that-name" });
        AssertRefused(ContainerError.InvalidArgument, "bird", temporary.Spec with { Command = [] });
        AssertRefused(ContainerError.InvalidArgument, "bird", temporary.Spec with { CapabilityAdd = ["CAP_FLY"] });
        AssertRefused(ContainerError.ImageNotFound, "bird", temporary.Spec with { RootFileSystem = null, Image = "none" });
        temporary.AssertConsistent("worm");
        _ = temporary.Create("bird");
        temporary.AssertConsistent("bird", "worm");
    }

    [Fact]
    [Trait("Attack", "names like `../../etc`, or two containers of one name")]
    public void A_name_that_a_killed_command_left_is_free()
    {
        _ = temporary.Create("worm");
        File.CreateSymbolicLink(temporary["names/bird"], new string('a', 64));
        File.CreateSymbolicLink(temporary["names/robin"], "../../etc");
        // A rename that was killed half way: both names lead to one container, which calls itself by one.
        File.CreateSymbolicLink(temporary["names/wren"], Store.Find("worm").Id);
        string[] names = ["bird", "robin", "wren"];
        foreach (var name in names)
        {
            Assert.Equal(ContainerError.ContainerNotFound, Assert.Throws<ContainerException>(() => Store.Find(name)).Error);
            _ = temporary.Create(name);
        }

        temporary.AssertConsistent([.. names, "worm"]);
    }

    [Fact]
    public void A_file_in_the_place_of_a_name_does_not_take_it()
    {
        _ = temporary.Create("worm");
        File.WriteAllText(temporary["names/bird"], "not a link");
        _ = temporary.Create("bird");
        temporary.AssertConsistent("bird", "worm");
    }

    [Fact]
    public void What_killed_commands_left_is_swept_with_the_next_creation()
    {
        _ = temporary.Create("worm");
        var draft = temporary["containers/." + new string('a', 64)];
        var removed = temporary["removed/" + new string('b', 64)];
        foreach (var folder in (string[])[draft, removed])
        {
            Directory.CreateDirectory($"{folder}/layer/upper/etc");
            File.WriteAllText($"{folder}/container.json", "{}");
        }

        _ = temporary.Create("bird");
        temporary.AssertConsistent("bird", "worm");
    }

    [Fact]
    public void What_a_live_command_is_making_is_not_swept()
    {
        _ = temporary.Create("worm");
        var draft = temporary["containers/." + new string('a', 64)];
        var removed = temporary["removed/" + new string('b', 64)];
        Directory.CreateDirectory($"{draft}/layer");
        Directory.CreateDirectory($"{removed}/layer");
        using (FolderLock.Acquire(draft))
        using (FolderLock.Acquire(removed))
        {
            Store.Sweep();
            Assert.True(Directory.Exists($"{draft}/layer"));
            Assert.True(Directory.Exists($"{removed}/layer"));
        }

        Store.Sweep();
        temporary.AssertConsistent("worm");
    }

    [Fact]
    public void On_a_full_disk_nothing_half_made_is_left()
    {
        using var disk = new SmallDisk();
        var store = new ContainerStore(disk["state"], disk["run"]);
        var bird = store.Create("bird", temporary.Spec);
        disk.Fill();
        var failure = Assert.Throws<ContainerException>(() => store.Create("worm", temporary.Spec));
        Assert.Equal(ContainerError.StateWriteFailed, failure.Error);
        Assert.Equal([bird.Folder], Directory.GetFileSystemEntries(disk["state/containers"]));
        Assert.Equal(["bird"], store.Names());

        failure = Assert.Throws<ContainerException>(() => bird.Rename("robin"));
        Assert.Equal(ContainerError.StateWriteFailed, failure.Error);
        Assert.Equal("bird", store.Find("bird").Name);
        Assert.Equal(["bird"], store.Names());

        File.Delete(disk["filler"]);
        Assert.Equal("worm", store.Create("worm", temporary.Spec).Name);
    }

    private void AssertRefused(ContainerError error, string name, ContainerSpec spec) =>
        Assert.Equal(error, Assert.Throws<ContainerException>(() => Store.Create(name, spec)).Error);
}
