using System.Collections.Concurrent;
using System.Diagnostics;

namespace MyDocker.Tests.Fixture;

/// <summary>
/// A store in a temporary folder, which the environment names while this lives. It learns of every container that is made in
/// it, so that at the end it can tell whether one left anything on the machine.
/// </summary>
internal sealed class TestStore : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string? rootBefore = Environment.GetEnvironmentVariable("MYDOCKER_ROOT");
    private readonly string? runBefore = Environment.GetEnvironmentVariable("MYDOCKER_RUN");
    private readonly ConcurrentDictionary<string, bool> ids = new();
    private readonly FileSystemWatcher watcher;

    public TestStore()
    {
        Folder = Directory.CreateTempSubdirectory("mydocker-tests-").FullName;
        var containers = Directory.CreateDirectory($"{Folder}/containers", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        watcher = new FileSystemWatcher(containers.FullName) { NotifyFilter = NotifyFilters.DirectoryName };
        watcher.Renamed += (_, change) => ids.TryAdd(Path.GetFileName(change.FullPath), true);
        watcher.EnableRaisingEvents = true;
        Environment.SetEnvironmentVariable("MYDOCKER_ROOT", Folder);
        Environment.SetEnvironmentVariable("MYDOCKER_RUN", $"{Folder}/run");
    }

    public string Folder { get; }

    public void Dispose()
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Patience && Leftovers().Any())
            Thread.Sleep(50);
        Assert.Empty(Leftovers());
        Environment.SetEnvironmentVariable("MYDOCKER_ROOT", rootBefore);
        Environment.SetEnvironmentVariable("MYDOCKER_RUN", runBefore);
        watcher.Dispose();
        Directory.Delete(Folder, true);
    }

    /// <summary>What the machine still holds of this store's containers: files, processes and mounts, control groups.</summary>
    private IEnumerable<string> Leftovers() =>
        ((string[])["containers", "names", "removed"]).SelectMany(Entries).Concat(HostProcess.Using(Folder)).Concat(ids.Keys.SelectMany(HostCgroup.Of));

    private string[] Entries(string name) => Directory.Exists($"{Folder}/{name}") ? Directory.GetFileSystemEntries($"{Folder}/{name}") : [];
}
