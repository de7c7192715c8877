using System.Text.Json.Nodes;

namespace MyDocker.Tests.Support;

/// <summary>A container store of one test; needs root, as making containers does.</summary>
internal sealed class TemporaryStore : IDisposable
{
    private readonly TemporaryFolder folder;

    public TemporaryStore()
    {
        Require.Root();
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["rootfs"]);
        Store = new ContainerStore(folder["state"], folder["run"]);
    }

    public ContainerStore Store { get; }

    public ContainerSpec Spec => new() { RootFileSystem = folder["rootfs"], Command = ["true"] };

    public string this[string name] => folder[$"state/{name}"];

    public Container Create(string? name) => Store.Create(name, Spec);

    /// <summary>Makes a container's id begin as the test wants it.</summary>
    public string Rebrand(Container container, string prefix)
    {
        var id = prefix + container.Id[prefix.Length..];
        Directory.Move(container.Folder, this[$"containers/{id}"]);
        var record = this[$"containers/{id}/container.json"];
        var json = JsonNode.Parse(File.ReadAllText(record))!;
        json["id"] = id;
        File.WriteAllText(record, json.ToJsonString());
        File.Delete(this[$"names/{container.Name}"]);
        File.CreateSymbolicLink(this[$"names/{container.Name}"], id);
        return id;
    }

    /// <summary>What a store holds that is whole: one name, one folder, nothing half made.</summary>
    public void AssertConsistent(params IEnumerable<string> names)
    {
        var broken = new List<ContainerException>();
        var containers = Store.List(broken.Add);
        Assert.Empty(broken);
        Assert.Equal(names.Order(StringComparer.Ordinal), containers.Select(container => container.Name).Order(StringComparer.Ordinal));
        Assert.Equal(containers.Select(container => container.Name).Order(StringComparer.Ordinal), Store.Names());
        Assert.All(containers, container => Assert.Equal(container.Id, Store.Find(container.Name).Id));
        Assert.Equal(
            containers.Select(container => container.Folder).Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(this["containers"]).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(this["removed"]));
    }

    public void Dispose() => folder.Dispose();
}
