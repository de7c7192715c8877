using System.Globalization;

namespace MyDocker;

/// <summary>The capabilities of capabilities(7), by name and number, and which a container gets.</summary>
internal static class Capabilities
{
    /// <summary>In the order of their numbers, CAP_CHOWN being 0.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
        "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
        "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
        "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What docker gives by default.</summary>
    public static readonly IReadOnlyList<string> Default =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>The set a spec asks for: docker's, or all; then what is dropped; then what is added.</summary>
    /// <exception cref="ContainerException">InvalidArgument for a name that is none.</exception>
    public static IReadOnlyList<string> Of(ContainerSpec spec)
    {
        var add = spec.CapabilityAdd.Select(Canonical).ToHashSet();
        var drop = spec.CapabilityDrop.Select(Canonical).ToHashSet();
        var start = spec.Privileged || add.Contains("ALL") ? Givable() : Default;
        var kept = drop.Contains("ALL") ? [] : start.Where(name => !drop.Contains(name));
        return [.. kept.Union(All.Where(add.Contains))];
    }

    /// <summary>One bit per name; a name that is no capability gives none.</summary>
    public static ulong Mask(IEnumerable<string>? names)
    {
        ulong mask = 0;
        foreach (var name in names ?? [])
        {
            for (var i = 0; i < All.Count; i++)
            {
                if (All[i] == name)
                    mask |= 1UL << i;
            }
        }

        return mask;
    }

    /// <summary>What this session may give: an older kernel knows fewer, and root in a container of its own has fewer.</summary>
    private static IReadOnlyList<string> Givable()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapBnd:", StringComparison.Ordinal));
        var mask = ulong.Parse(line.AsSpan("CapBnd:".Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return [.. All.Where((_, number) => (mask & (1UL << number)) != 0)];
    }

    private static string Canonical(string name)
    {
        var upper = name.ToUpperInvariant();
        if (upper == "ALL")
            return upper;
        var full = upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
        return All.Contains(full)
            ? full
            : throw ContainerException.Invalid($"'{name}' is no capability: see capabilities(7), NET_ADMIN for instance.", name);
    }
}
