using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// The folder that holds every container: <c>containers/ID</c> with its files, <c>names/NAME</c> as links to ids, and
/// <c>removed/ID</c> for what is being deleted. Safe for any number of processes at once; see docs/architecture.md.
/// </summary>
public sealed class ContainerStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int GeneratedNameAttempts = 10;

    /// <summary>Opens a store; nothing is created until something is to be written.</summary>
    /// <param name="root">The state folder.</param>
    /// <param name="run">The folder for what a reboot must forget.</param>
    public ContainerStore(string root, string run)
    {
        Root = Path.GetFullPath(root);
        Run = Path.GetFullPath(run);
    }

    /// <summary>/var/lib/mydocker, or what MYDOCKER_ROOT says.</summary>
    public string Root { get; }

    /// <summary>/run/mydocker, or what MYDOCKER_RUN says.</summary>
    public string Run { get; }

    internal string ContainersFolder => $"{Root}/containers";

    internal string NamesFolder => $"{Root}/names";

    internal string RemovedFolder => $"{Root}/removed";

    /// <summary>Exit records of containers that removed themselves, kept for a while for those who wait for them.</summary>
    internal string EndedFolder => $"{Root}/ended";

    /// <summary>The store that the environment names.</summary>
    public static ContainerStore FromEnvironment() => new(
        Environment.GetEnvironmentVariable("MYDOCKER_ROOT") is { Length: > 0 } root ? root : "/var/lib/mydocker",
        Environment.GetEnvironmentVariable("MYDOCKER_RUN") is { Length: > 0 } run ? run : "/run/mydocker");

    /// <summary>Every container, in the order of creation.</summary>
    /// <param name="onBroken">Told of each one whose files can't be read; the rest is listed all the same.</param>
    /// <exception cref="ContainerException">AccessDenied when the store can't be read.</exception>
    public IReadOnlyList<Container> List(Action<ContainerException> onBroken)
    {
        var containers = new List<Container>();
        foreach (var id in ContainerIds())
        {
            try
            {
                if (Container.TryLoad(this, id) is { } container)
                    containers.Add(container);
            }
            catch (ContainerException exception) when (exception.Error == ContainerError.ContainerStateInvalid)
            {
                onBroken(exception);
            }
        }

        containers.Sort((a, b) => a.Record.CreatedAt.CompareTo(b.Record.CreatedAt));
        return containers;
    }

    /// <summary>The container of a name, or of a whole id.</summary>
    /// <exception cref="ContainerException">ContainerNotFound; ContainerStateInvalid when its files are broken.</exception>
    public Container Find(string name)
    {
        if (ContainerName.IsId(name) && Container.TryLoad(this, name) is { } byId)
            return byId;
        return ContainerName.IsValid(name) && ReadNameLink(name) is { } id && Container.TryLoad(this, id) is { } container && container.Name == name
            ? container
            : throw ContainerException.NotFound(name);
    }

    /// <summary>The container whose id begins with the given characters.</summary>
    /// <param name="prefix">At least four.</param>
    /// <exception cref="ContainerException">ContainerNotFound, AmbiguousContainerId, or InvalidArgument for a shorter one.</exception>
    public Container FindById(string prefix)
    {
        const int MinimumLength = 4;
        if (prefix.Length < MinimumLength)
            throw ContainerException.Invalid($"'{prefix}' is too short: give at least {MinimumLength} characters of the id.", prefix);
        if (ContainerName.IsId(prefix))
            return Container.TryLoad(this, prefix) ?? throw ContainerException.NotFound(prefix);
        var matches = ContainerIds().Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
        return matches.Count switch
        {
            0 => throw ContainerException.NotFound(prefix),
            1 => Container.TryLoad(this, matches[0]) ?? throw ContainerException.NotFound(prefix),
            _ => throw new ContainerException(
                ContainerError.AmbiguousContainerId, $"{matches.Count} containers have an id that begins with '{prefix}': give more of it.", prefix),
        };
    }

    /// <summary>The names in use, without reading a container: for completion.</summary>
    public IReadOnlyList<string> Names()
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(NamesFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Makes a container; nothing of it is visible until it is whole.</summary>
    /// <param name="name">Its name, or null for a generated one.</param>
    /// <param name="spec">What it shall be.</param>
    /// <exception cref="ContainerException">See <see cref="ContainerError"/>; nothing is left behind.</exception>
    public Container Create(string? name, ContainerSpec spec)
    {
        StoreAccess.RequireRoot("Creating a container");
        if (name is not null)
            ContainerName.Require(name);
        SpecValidation.Check(spec);
        Prepare();
        Sweep();

        var id = ContainerName.NewId();
        // The leading dot keeps it out of every list; the lock tells a sweeper that its maker is alive.
        var draft = $"{ContainersFolder}/.{id}";
        try
        {
            using var making = MakeDraft(draft);
            try
            {
                return Publish(name, id, draft, WriteDraft(id, spec, draft));
            }
            catch
            {
                // Still locked, so no sweeper is at work on it as well.
                FolderRemoval.Remove(draft);
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException(
                ContainerError.StateWriteFailed,
                $"The container could not be created in '{Root}': {exception.Message}. Free space or check the folder's rights, then try again.",
                Root,
                exception);
        }
    }

    /// <summary>Gives a container another name.</summary>
    internal void Rename(Container container, string newName)
    {
        ContainerName.Require(newName);
        using var names = FolderLock.Acquire(NamesFolder);
        container.Reload();
        var oldName = container.Name;
        if (newName == oldName)
            return;
        ReserveName(newName, container.Id);
        try
        {
            container.ReplaceRecord(container.Record with { Name = newName });
        }
        catch (ContainerException)
        {
            Files.Unlink($"{NamesFolder}/{newName}");
            throw;
        }

        Files.Unlink($"{NamesFolder}/{oldName}");
    }

    /// <summary>Takes a container out of every list at once; its files are deleted afterwards, by whoever comes first.</summary>
    /// <param name="container">Which; the caller holds its lock.</param>
    /// <param name="where"><see cref="RemovedFolder"/> or <see cref="EndedFolder"/>.</param>
    internal void Retire(Container container, string where)
    {
        using (FolderLock.Acquire(NamesFolder))
        {
            // It may have been renamed since it was read.
            container.Reload();
            if (ReadNameLink(container.Name) == container.Id)
                Files.Unlink($"{NamesFolder}/{container.Name}");
            Directory.CreateDirectory(where, OwnerOnly);
            Files.Rename(container.Folder, $"{where}/{container.Id}");
        }
    }

    /// <summary>Deletes what killed commands left: drafts whose maker is dead, and containers already removed.</summary>
    internal void Sweep()
    {
        foreach (var draft in Entries(ContainersFolder).Where(path => Path.GetFileName(path).StartsWith('.')))
            RemoveIfAbandoned(draft);
        foreach (var removed in Entries(RemovedFolder))
            RemoveIfAbandoned(removed);
        foreach (var ended in Entries(EndedFolder).Where(path => Directory.GetLastWriteTimeUtc(path) < DateTime.UtcNow - Container.ExitRecordRetention))
            RemoveIfAbandoned(ended);
    }

    private static void RemoveIfAbandoned(string folder)
    {
        try
        {
            using var abandoned = FolderLock.TryAcquire(folder);
            if (abandoned is not null)
                FolderRemoval.Remove(folder);
        }
        catch (IOException)
        {
            // Another sweeper was faster.
        }
    }

    private static IEnumerable<string> Entries(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    /// <summary>The ids of all containers, without reading one.</summary>
    internal IEnumerable<string> ContainerIds()
    {
        string[] folders;
        try
        {
            folders = Directory.GetDirectories(ContainersFolder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException exception)
        {
            throw StoreAccess.Denied(ContainersFolder, exception);
        }

        return folders.Select(folder => Path.GetFileName(folder)).Where(ContainerName.IsId);
    }

    /// <summary>Makes the folders of the store where they are missing.</summary>
    internal void Prepare()
    {
        try
        {
            foreach (var folder in (string[])[Root, ContainersFolder, NamesFolder, RemovedFolder, EndedFolder])
                Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw StoreAccess.Denied(Root, exception);
        }
        catch (IOException exception)
        {
            throw new ContainerException(
                ContainerError.StateWriteFailed, $"The state folder '{Root}' can't be made: {exception.Message}", Root, exception);
        }
    }

    /// <summary>Makes a draft's folder and locks it.</summary>
    private static FolderLock.Held MakeDraft(string draft)
    {
        while (true)
        {
            try
            {
                Directory.CreateDirectory(draft, OwnerOnly);
                return FolderLock.Acquire(draft);
            }
            catch (DirectoryNotFoundException) when (Directory.Exists(Path.GetDirectoryName(draft)))
            {
                // A sweeper saw it in the moment before it was locked, and took it for abandoned.
            }
        }
    }

    private ContainerSpec WriteDraft(string id, ContainerSpec spec, string draft)
    {
        foreach (var folder in (string[])["layer", "layer/upper", "layer/work", Bundle.RootFolder])
            Directory.CreateDirectory($"{draft}/{folder}", OwnerOnly);
        // The upper folder becomes the root of the container: everyone inside has to get through.
        File.SetUnixFileMode($"{draft}/layer/upper", OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        var root = RootFileSystem.Prepare(spec, draft);
        var folderOnceNamed = $"{ContainersFolder}/{id}";
        var lower = root.LowerFolder.StartsWith(draft, StringComparison.Ordinal) ? folderOnceNamed + root.LowerFolder[draft.Length..] : root.LowerFolder;
        var bundle = Bundle.Describe(id, spec, root, lower, $"{folderOnceNamed}/layer");
        JsonFile.WriteNew($"{draft}/{Container.BundleFile}", JsonSerializer.SerializeToUtf8Bytes(bundle, OciJson.Default.OciSpec));
        return spec with { Hostname = bundle.Hostname };
    }

    private Container Publish(string? name, string id, string draft, ContainerSpec spec)
    {
        using var names = FolderLock.Acquire(NamesFolder);
        var chosen = name ?? GenerateFreeName();
        var record = new ContainerRecord { Id = id, Name = chosen, CreatedAt = DateTimeOffset.UtcNow, Spec = spec };
        JsonFile.WriteNew($"{draft}/{Container.RecordFile}", JsonSerializer.SerializeToUtf8Bytes(record, StoreJson.Default.ContainerRecord));
        Files.FlushFolder(draft);
        ReserveName(chosen, id);
        try
        {
            Files.Rename(draft, $"{ContainersFolder}/{id}");
            Files.FlushFolder(ContainersFolder);
            return new Container(this, record);
        }
        catch (IOException)
        {
            Files.Unlink($"{NamesFolder}/{chosen}");
            throw;
        }
    }

    private string GenerateFreeName()
    {
        for (var attempt = 0; attempt < GeneratedNameAttempts; attempt++)
        {
            var candidate = ContainerName.Generate(attempt);
            if (OwnerOf(candidate) is null)
                return candidate;
        }

        throw new ContainerException(ContainerError.ContainerNameInUse, "No free name was found: give one with -Name.");
    }

    /// <summary>Writes the name down; the caller holds the lock of all names.</summary>
    private void ReserveName(string name, string id)
    {
        if (OwnerOf(name) is { } owner)
        {
            throw new ContainerException(
                ContainerError.ContainerNameInUse,
                $"The name '{name}' belongs to container {owner[..12]}: choose another, or remove that one (Remove-Container {name}).",
                name);
        }

        var link = $"{NamesFolder}/{name}";
        Files.Unlink(link);
        File.CreateSymbolicLink(link, id);
        Files.FlushFolder(NamesFolder);
    }

    /// <summary>
    /// Who has a name. The link alone does not say: a killed command may have left it. The container has to exist and to
    /// call itself so; one whose file is broken may, so it keeps its name.
    /// </summary>
    private string? OwnerOf(string name)
    {
        if (ReadNameLink(name) is not { } id)
            return null;
        try
        {
            return Container.TryLoad(this, id) is { } owner && owner.Name == name ? id : null;
        }
        catch (ContainerException)
        {
            return id;
        }
    }

    private string? ReadNameLink(string name)
    {
        var path = $"{NamesFolder}/{name}";
        using var link = Files.TryOpen(path, Files.O_PATH | Files.O_NOFOLLOW);
        if (link is null)
        {
            var failure = SyscallException.FromLastError("open", path);
            return failure.Errno is Errno.EACCES or Errno.EPERM ? throw StoreAccess.Denied(NamesFolder, failure) : null;
        }

        return new FileInfo(path).LinkTarget is { } target && ContainerName.IsId(target) ? target : null;
    }
}
