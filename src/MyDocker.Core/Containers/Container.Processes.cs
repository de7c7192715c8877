using System.Globalization;
using System.Text;
using MyDocker.Cgroups;
using MyDocker.Processes;

namespace MyDocker;

/// <summary>The processes of a container, as the host sees them.</summary>
public sealed partial class Container
{
    /// <summary>Lists every process in the container's control group, those that an exec has brought included.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning.</exception>
    public IReadOnlyList<ContainerProcess> Processes()
    {
        var seen = RequireAlive();
        using var first = ProcessFolder.TryOpen(seen.State!.Process);
        // How many pid namespaces above the container's own we see, ours included: its numbers come after so many others.
        var depth = first?.TryReadText("status") is { } status && ProcessStatus.TryParse(status) is { } own ? own.NamespacePids.Count - 1 : 1;
        var users = ReadUserNames(first);
        var boot = ProcessClock.BootTime();

        var processes = new List<ContainerProcess>();
        foreach (var pid in Cgroup.Processes())
        {
            using var folder = ProcessFolder.TryOpen(pid);
            if (folder is not null && Describe(pid, folder, depth, users, boot) is { } process)
                processes.Add(process);
        }

        processes.Sort((a, b) => (a.StartTime, a.Pid).CompareTo((b.StartTime, b.Pid)));
        return processes;
    }

    /// <summary>
    /// Reads one process; null when it has ended, or when the number has come to mean one that is not in the container: the folder
    /// was opened after the list was read, so the group is asked for once more, of the process itself.
    /// </summary>
    private ContainerProcess? Describe(int pid, ProcessFolder folder, int depth, Dictionary<uint, string> users, DateTimeOffset boot)
    {
        if (folder.TryReadText("cgroup")?.Contains(Cgroup.PathOf(Id), StringComparison.Ordinal) != true
            || folder.TryRead("stat") is not { } line || ProcessStat.TryParse(line) is not { } stat
            || folder.TryReadText("status") is not { } text || ProcessStatus.TryParse(text) is not { } status)
            return null;

        var command = ReadCommand(folder);
        return new ContainerProcess
        {
            Pid = pid,
            ContainerPid = status.NamespacePids.Count > depth ? status.NamespacePids[depth] : null,
            ParentPid = status.Parent,
            User = users.GetValueOrDefault(status.User) ?? status.User.ToString(CultureInfo.InvariantCulture),
            UserId = status.User,
            State = StateOf(stat.State),
            StartTime = boot + ProcessClock.ToTime(stat.StartTime),
            CpuTime = ProcessClock.ToTime(stat.ProcessorTime),
            Memory = status.ResidentMemory,
            Command = command,
            CommandLine = command.Length > 0 ? ShellQuoting.Join(command) : $"[{stat.Name}]",
            ContainerName = Name,
            ContainerId = Id,
        };
    }

    /// <summary>argv from /proc/PID/cmdline, each argument ended by a zero byte; see proc_pid_cmdline(5).</summary>
    private static string[] ReadCommand(ProcessFolder folder)
    {
        if (folder.TryRead("cmdline") is not { Length: > 0 } bytes)
            return [];
        var text = Encoding.UTF8.GetString(bytes);
        return (text.EndsWith('\0') ? text[..^1] : text).Split('\0');
    }

    private static Dictionary<uint, string> ReadUserNames(ProcessFolder? first)
    {
        using var root = first?.TryOpenRoot();
        return root is null ? [] : UserLookup.Names(root);
    }

    private static ContainerProcessState StateOf(char letter) => letter switch
    {
        'R' => ContainerProcessState.Running,
        'S' => ContainerProcessState.Sleeping,
        'D' => ContainerProcessState.DiskSleep,
        'T' => ContainerProcessState.Stopped,
        't' => ContainerProcessState.Traced,
        'Z' => ContainerProcessState.Zombie,
        'X' or 'x' => ContainerProcessState.Dead,
        _ => ContainerProcessState.Unknown,
    };
}
