using System.Text;

namespace MyDocker.Cgroups;

/// <summary>Which world of control groups a machine lives in.</summary>
internal enum CgroupVersion
{
    /// <summary>v1 hierarchies, perhaps with v2 beside them (hybrid).</summary>
    V1,

    /// <summary>The v2 hierarchy alone.</summary>
    V2,
}

/// <summary>Where this machine's hierarchies are mounted, read from /proc/self/mountinfo; see proc_pid_mountinfo(5).</summary>
/// <param name="Hierarchies">v1: from controller (memory, cpu …) or name (name=systemd) to mount point.</param>
/// <param name="Unified">The v2 mount point, or null.</param>
internal sealed record CgroupLayout(IReadOnlyDictionary<string, string> Hierarchies, string? Unified)
{
    private static readonly Lazy<CgroupLayout> LazyCurrent = new(() => Parse(File.ReadAllText("/proc/self/mountinfo")));

    /// <summary>What a v1 hierarchy may be mounted for; see cgroups(7). A container goes into all there are: where it did not,
    /// its cgroup namespace would show it the host's.</summary>
    private static readonly string[] Controllers =
    [
        "memory", "cpu", "cpuacct", "cpuset", "pids", "freezer", "devices", "blkio", "net_cls", "net_prio", "perf_event", "hugetlb",
        "rdma", "misc",
    ];

    /// <summary>This machine's.</summary>
    public static CgroupLayout Current => LazyCurrent.Value;

    /// <summary>v1 as soon as one controller is mounted that way: a controller can be in one world only.</summary>
    public CgroupVersion Version => Hierarchies.Count > 0 || Unified is null ? CgroupVersion.V1 : CgroupVersion.V2;

    /// <summary>Parses the text of mountinfo.</summary>
    public static CgroupLayout Parse(string mountInfo)
    {
        var hierarchies = new Dictionary<string, string>();
        string? unified = null;
        foreach (var line in mountInfo.Split('\n'))
        {
            // id parent major:minor root mount-point options optional-fields… - type source super-options
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            if (separator < 0)
                continue;
            var before = line[..separator].Split(' ');
            var after = line[(separator + 3)..].Split(' ');
            if (before.Length < 6 || after.Length < 3)
                continue;
            var mountPoint = Unescape(before[4]);
            if (after[0] == "cgroup2")
                unified ??= mountPoint;
            else if (after[0] == "cgroup")
            {
                foreach (var option in after[2].Split(','))
                {
                    if (Controllers.Contains(option) || option.StartsWith("name=", StringComparison.Ordinal))
                        hierarchies.TryAdd(option, mountPoint);
                }
            }
        }

        return new CgroupLayout(hierarchies, unified);
    }

    /// <summary>Undoes the octal escapes of mountinfo: \040 is a space.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
