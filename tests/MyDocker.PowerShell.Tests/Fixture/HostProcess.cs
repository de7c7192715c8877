using System.Diagnostics;
using Mono.Unix.Native;
using MyDocker.Interop;
using MyDocker.Processes;

namespace MyDocker.Tests.Fixture;

/// <summary>Processes as the host sees them.</summary>
internal static class HostProcess
{
    public static bool IsAlive(int pid) => ProcessStat.TryRead(pid) is { IsDead: false };

    /// <summary>Sends a signal to a process; one that is gone already is fine.</summary>
    public static void Signal(int pid, Signum signal)
    {
        using var process = PidFd.TryOpen(pid);
        if (process is not null)
            PidFd.Send(process, (int)signal);
    }

    /// <summary>Kills a process as a crash would, and waits until it is gone.</summary>
    public static void Kill(int pid)
    {
        Signal(pid, Signum.SIGKILL);
        Eventually.True(() => !IsAlive(pid));
    }

    /// <summary>The pid of a container's monitor, by what is written down of the current run.</summary>
    public static int MonitorOf(ContainerInfo container) =>
        ContainerStore.FromEnvironment().FindById(container.Id).ReadState()!.Monitor.Pid;

    /// <summary>A number of kilobytes, or the like, from /proc/PID/status.</summary>
    public static long Status(int pid, string name) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split((char[])['\t', ' '])[^2], null);

    /// <summary>A process's parent; null when the process is gone.</summary>
    public static int? ParentOf(int pid) =>
        TryRead($"/proc/{pid}/status").Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal)) is { } line ? int.Parse(line[5..], null) : null;

    /// <summary>Processes in the pid namespace of another, that one included.</summary>
    public static IEnumerable<int> SharingPidNamespace(int pid)
    {
        var wanted = new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;
        return All().Where(other => new FileInfo($"/proc/{other}/ns/pid").LinkTarget == wanted);
    }

    /// <summary>A process's arguments, with spaces between them; empty when it is gone.</summary>
    public static string CommandLine(int pid) => TryRead($"/proc/{pid}/cmdline").Replace('\0', ' ').TrimEnd();

    /// <summary>Every process there is.</summary>
    public static IEnumerable<int> All() =>
        Directory.GetDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0).Where(pid => pid > 0);

    /// <summary>What a process has open.</summary>
    public static string[] Files(int pid) => [.. Directory.GetFiles($"/proc/{pid}/fd").Select(path => new FileInfo(path).LinkTarget ?? "")];

    /// <summary>A process of this test's own, which does nothing.</summary>
    public static Process Sleep() => Process.Start("sleep", "300");

    /// <summary>Processes that have a folder in their command line or among their mounts.</summary>
    public static IEnumerable<string> Using(string folder)
    {
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            if (TryRead($"{process}/cmdline").Contains(folder, StringComparison.Ordinal) || TryRead($"{process}/mountinfo").Contains($"{folder}/", StringComparison.Ordinal))
                yield return $"process {Path.GetFileName(process)}: {TryRead($"{process}/cmdline").Replace('\0', ' ')}";
        }
    }

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
