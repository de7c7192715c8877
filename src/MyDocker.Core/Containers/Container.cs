using System.Text.Json;
using MyDocker.Cgroups;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>One container of a store: its files, and what can be done with it, one verb per file.</summary>
public sealed partial class Container
{
    internal const string RecordFile = "container.json";
    internal const string StateFile = "state.json";
    internal const string ExitFile = "exit.json";
    internal const string BundleFile = "config.json";

    /// <summary>There while a start is under way: the process in state.json does not run the user's program yet.</summary>
    internal const string StartMarker = "starting";

    internal const string LogFile = "container.log";

    /// <summary>How long the exit record of an automatically removed container is kept for those who wait for it.</summary>
    internal static readonly TimeSpan ExitRecordRetention = TimeSpan.FromMinutes(5);

    internal Container(ContainerStore store, ContainerRecord record)
    {
        Store = store;
        Record = record;
    }

    /// <summary>64 hexadecimal digits.</summary>
    public string Id => Record.Id;

    /// <summary>Its name when it was read.</summary>
    public string Name => Record.Name;

    /// <summary>The folder with all its files.</summary>
    public string Folder => $"{Store.ContainersFolder}/{Id}";

    internal ContainerStore Store { get; }

    internal ContainerRecord Record { get; private set; }

    internal ContainerSpec Spec => Record.Spec;

    internal Cgroup Cgroup => Cgroup.Of(Id);

    /// <summary>Reads a container's record; null when there is no such container.</summary>
    internal static Container? TryLoad(ContainerStore store, string id)
    {
        var path = $"{store.ContainersFolder}/{id}/{RecordFile}";
        if (JsonFile.TryRead(path, bytes => JsonSerializer.Deserialize(bytes.Span, StoreJson.Default.ContainerRecord)) is not { } record)
        {
            // The folder without its file: half of it was deleted by something that is not us.
            return Directory.Exists(Path.GetDirectoryName(path))
                ? throw new ContainerException(
                    ContainerError.ContainerStateInvalid, $"'{path}' is missing. Restore it, or remove the container's folder.", path)
                : null;
        }

        if (record.Id != id || record.Name is null || !ContainerName.IsValid(record.Name) || record.Spec?.Command is null
            || record.SchemaVersion is < 1 or > ContainerRecord.CurrentSchema)
        {
            throw new ContainerException(
                ContainerError.ContainerStateInvalid,
                $"'{path}' is broken: it does not describe container {id[..12]} in a way this version understands. Restore it, or remove the container's folder.",
                path);
        }

        return new Container(store, record);
    }

    /// <summary>Takes the container's lock; held for moments, never while a process is waited for.</summary>
    /// <exception cref="ContainerException">ContainerNotFound when it was removed meanwhile.</exception>
    internal FolderLock.Held Lock(CancellationToken cancellation = default) => Lock(Store, Id, Name, cancellation);

    /// <summary>Takes the lock of a container that nothing has been read of yet.</summary>
    /// <exception cref="ContainerException">ContainerNotFound when there is none, or no longer.</exception>
    internal static FolderLock.Held Lock(ContainerStore store, string id, string name, CancellationToken cancellation = default)
    {
        try
        {
            return FolderLock.Acquire($"{store.ContainersFolder}/{id}", cancellation);
        }
        catch (DirectoryNotFoundException)
        {
            throw ContainerException.NotFound(name);
        }
    }

    /// <summary>Reads the record again, in case it was renamed meanwhile.</summary>
    internal void Reload() => Record = TryLoad(Store, Id)?.Record ?? throw ContainerException.NotFound(Name);

    internal void ReplaceRecord(ContainerRecord record)
    {
        JsonFile.Replace($"{Folder}/{RecordFile}", JsonSerializer.SerializeToUtf8Bytes(record, StoreJson.Default.ContainerRecord));
        Record = record;
    }

    internal RunState? ReadState() => JsonFile.TryRead<RunState>($"{Folder}/{StateFile}");

    internal void WriteState(RunState state) => JsonFile.Replace($"{Folder}/{StateFile}", state);

    /// <summary>
    /// Writes the state of a run that begins. Its name is flushed with the exit record's or, where the container stays, when its
    /// monitor settles down: until then a power cut brings back what was before, and the run is none that anybody saw end.
    /// </summary>
    internal void WriteStateOfStart(RunState state) => JsonFile.ReplaceAllButName($"{Folder}/{StateFile}", StoredJson.ToBytes(state));

    /// <summary>
    /// Whether a start is under way. A marker of its own, as taking it away costs one call where writing state.json again costs two
    /// flushes of the disk; one that a crash has left means nothing, for then the monitor is dead.
    /// </summary>
    internal bool IsStarting => File.Exists($"{Folder}/{StartMarker}");

    internal void MarkStarting() => Files.Open($"{Folder}/{StartMarker}", Files.O_WRONLY | Files.O_CREAT | Files.O_NOFOLLOW, 0x180 /* 0600 */).Dispose();

    internal void MarkStarted() => Files.Unlink($"{Folder}/{StartMarker}");

    /// <summary>Puts back what was known before a start that failed.</summary>
    internal void RestoreState(RunState? previous)
    {
        // First, as it frees room on a disk that may be full.
        Files.Unlink($"{Folder}/{ExitFile}.tmp");
        try
        {
            if (previous is not null)
                WriteState(previous);
            else
                Files.Unlink($"{Folder}/{StateFile}");
        }
        finally
        {
            MarkStarted();
        }
    }

    internal JsonFile.Reservation ReserveExit() => JsonFile.Reserve($"{Folder}/{ExitFile}");

    internal void WriteExit(ExitRecord exit) => JsonFile.Replace($"{Folder}/{ExitFile}", exit);

    private ExitRecord? ReadExit() => JsonFile.TryRead<ExitRecord>($"{Folder}/{ExitFile}");
}
