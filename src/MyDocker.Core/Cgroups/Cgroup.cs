using System.Globalization;
using MyDocker.Interop;

namespace MyDocker.Cgroups;

/// <summary>
/// One container's control group. A machine has the v1 hierarchies, the v2 one, or both beside each other (hybrid);
/// nobody above this class needs to know. See cgroups(7).
/// </summary>
internal abstract class Cgroup
{
    /// <summary>Every container's group lies below this one; it stays when the last has gone, as docker's does.</summary>
    public const string Parent = "mydocker";

    private const int SIGKILL = 9;

    /// <summary>A killed process is gone in microseconds, but its group counts it until it is reaped (runc#2344).</summary>
    private static readonly TimeSpan[] RemovalBackoff =
        [.. new[] { 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 300, 300 }.Select(TimeSpan.FromMilliseconds)];

    /// <summary>The group of a container on this machine, whether it exists or not.</summary>
    public static Cgroup Of(string containerId) => CgroupLayout.Current.Version switch
    {
        CgroupVersion.V2 => new CgroupV2(CgroupLayout.Current.Unified!, containerId),
        _ => new CgroupV1(CgroupLayout.Current, containerId),
    };

    /// <summary>The path below each hierarchy's root, as an OCI bundle's cgroupsPath says it.</summary>
    public static string PathOf(string containerId) => $"/{Parent}/{containerId}";

    /// <summary>Makes the group with its limits; one that is there already is taken over.</summary>
    /// <exception cref="SyscallException">The kernel refuses a limit, or the group can't be made.</exception>
    public abstract void Create(OciResources resources);

    /// <summary>Changes the limits of a group that exists; all of them, or none.</summary>
    /// <param name="before">What it has; null when that is not known: then every limit is written, and none is put back.</param>
    /// <param name="after">What it shall have.</param>
    /// <exception cref="SyscallException">The kernel refuses one; those before it are again what they were.</exception>
    public void Update(OciResources? before, OciResources after)
    {
        var old = before is null ? [] : Limits(before, after).ToDictionary(limit => limit.Path, limit => limit.Value);
        var undo = new Stack<(string Path, string Value)>();
        try
        {
            foreach (var (path, value) in Limits(after, before ?? new OciResources()))
            {
                if (old.GetValueOrDefault(path) == value)
                    continue;
                WriteLimit(path, value);
                if (old.TryGetValue(path, out var previous))
                    undo.Push((path, previous));
            }
        }
        catch
        {
            foreach (var (path, value) in undo)
                WriteIfThere(path, value);
            throw;
        }
    }

    /// <summary>
    /// Moves the calling thread in, for a process that has no other. Does nothing on v2, where <see cref="BirthPlace"/> serves.
    /// </summary>
    /// <remarks>
    /// Moving a process takes a lock that waits for an RCU grace period (6-20 ms measured); a thread that moves itself does not
    /// (cgroup_procs_write_start in the kernel).
    /// </remarks>
    public abstract void EnterWithCallingThread();

    /// <summary>The folder to hand to clone3(2) with CLONE_INTO_CGROUP; null where there is no v2 hierarchy.</summary>
    public abstract FileDescriptor? BirthPlace();

    /// <summary>
    /// The folder for one who joins a process of the group: that process's own where it has been moved further down, as on v2 a group that
    /// hands its controllers down takes nobody in (cgroups(7), "no internal processes").
    /// </summary>
    public abstract FileDescriptor? BirthPlaceBeside(int pid);

    /// <summary>Whether its processes are frozen, or about to be.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>Freezes every process; returns when they are.</summary>
    /// <exception cref="TimeoutException">One can't be frozen, as it waits in the kernel (state D); the others are.</exception>
    public abstract void Freeze(CancellationToken cancellation = default);

    /// <summary>Lets them go on.</summary>
    public abstract void Thaw();

    /// <summary>Kills every process in it, forks in progress included, frozen ones too.</summary>
    public abstract void Kill();

    /// <summary>How many of its processes the kernel has killed for want of memory.</summary>
    public abstract long OutOfMemoryKills { get; }

    /// <summary>What its processes have used so far, and may use.</summary>
    public abstract CgroupUsage ReadUsage();

    /// <summary>The numbers of the processes in it and in the groups below it; who acts on one has to see whether it is still the same.</summary>
    public IReadOnlySet<int> Processes()
    {
        var pids = new HashSet<int>();
        AddProcesses(Folders.First(), pids);
        return pids;
    }

    /// <summary>
    /// Every limit as a file and what to write there, in an order in which the kernel takes them; "no limit" where there is none.
    /// Files that this machine does not have are left out, unless something is asked of them.
    /// </summary>
    /// <param name="resources">What they shall be.</param>
    /// <param name="before">What they are.</param>
    protected abstract IEnumerable<(string Path, string Value)> Limits(OciResources resources, OciResources before);

    /// <summary>Writes one limit.</summary>
    protected virtual void WriteLimit(string path, string value) => Files.WriteControl(path, value);

    /// <summary>The folders it consists of, one per hierarchy.</summary>
    protected abstract IEnumerable<string> Folders { get; }

    /// <summary>Whether any of its folders exists.</summary>
    public bool Exists => Folders.Any(Directory.Exists);

    /// <summary>Removes the group if nothing is in it any more, as is usual once its first process has been reaped.</summary>
    /// <returns>False when something is.</returns>
    public bool TryRemoveEmpty()
    {
        foreach (var folder in Folders)
        {
            if (Files.TryRemoveFolder(folder) is not (0 or Errno.ENOENT))
                return false;
        }

        return true;
    }

    /// <summary>Removes the group, groups that its processes made below it first.</summary>
    /// <returns>False when a process is still in it.</returns>
    public bool TryRemove()
    {
        foreach (var folder in Folders)
        {
            if (!TryRemoveFolder(folder))
                return false;
        }

        return true;
    }

    /// <summary>Reads a number from one of the group's files; null when it is missing or is no number.</summary>
    protected static long? ReadNumber(string path)
    {
        try
        {
            return long.TryParse(File.ReadAllText(path).AsSpan().Trim(), out var number) ? number : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the number behind a word in one of the group's files, such as "oom_kill 3"; 0 when it is missing.</summary>
    protected static long ReadCounter(string path, string word)
    {
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith(word, StringComparison.Ordinal) && line.Length > word.Length && line[word.Length] == ' '
                    && long.TryParse(line.AsSpan(word.Length + 1), out var count))
                    return count;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The group is gone, or the controller is not there: nothing was counted.
        }

        return 0;
    }

    /// <summary>Reads the lines of one of the group's files; none when it is missing.</summary>
    protected static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Writes to one of the group's files; that the group is gone by now is fine.</summary>
    protected static void WriteIfThere(string path, string text)
    {
        try
        {
            Files.WriteControl(path, text);
        }
        catch (SyscallException exception) when (exception.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            // Removed by its monitor, between our look and our write.
        }
    }

    /// <summary>Sends SIGKILL to every process that is listed in a folder, each held by descriptor.</summary>
    protected static void SignalEach(string folder)
    {
        try
        {
            foreach (var line in File.ReadLines($"{folder}/cgroup.procs"))
            {
                using var process = PidFd.TryOpen(int.Parse(line, CultureInfo.InvariantCulture));
                if (process is not null)
                    PidFd.Send(process, SIGKILL);
            }
        }
        catch (IOException) when (!Directory.Exists(folder))
        {
            // Removed by its monitor meanwhile: nobody is left in it.
        }
    }

    /// <summary>Waits until a file says what is expected, for at most five seconds.</summary>
    protected static void WaitFor(string path, Func<string, bool> isReached, CancellationToken cancellation)
    {
        for (var wait = TimeSpan.FromMilliseconds(0.2); wait < TimeSpan.FromSeconds(2); wait *= 2)
        {
            if (isReached(File.ReadAllText(path)))
                return;
            cancellation.WaitHandle.WaitOne(wait);
            cancellation.ThrowIfCancellationRequested();
        }

        throw new TimeoutException($"'{path}' did not change: a process inside can't be frozen.");
    }

    private static void AddProcesses(string folder, HashSet<int> pids)
    {
        foreach (var line in ReadLines($"{folder}/cgroup.procs"))
        {
            // 0 stands for one that our pid namespace has no number for; see cgroups(7).
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                pids.Add(pid);
        }

        try
        {
            foreach (var below in Directory.GetDirectories(folder))
                AddProcesses(below, pids);
        }
        catch (DirectoryNotFoundException)
        {
            // Removed meanwhile: nobody is left in it.
        }
    }

    private static bool TryRemoveFolder(string folder)
    {
        foreach (var pause in RemovalBackoff)
        {
            switch (Files.TryRemoveFolder(folder))
            {
                case 0 or Errno.ENOENT:
                    return true;
                case Errno.EBUSY:
                    // Busy because of groups below, which a container with a writable view may have made.
                    foreach (var below in Directory.EnumerateDirectories(folder))
                        _ = TryRemoveFolder(below);
                    break;
                case var errno:
                    throw new SyscallException("rmdir", errno, folder);
            }

            Thread.Sleep(pause);
        }

        return false;
    }
}
