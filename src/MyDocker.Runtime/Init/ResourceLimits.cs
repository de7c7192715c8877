using System.Globalization;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>Resource limits; see getrlimit(2).</summary>
internal static class ResourceLimits
{
    // By number, the same on x86-64 and arm64.
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>Sets the limits; one above what this process may pass on is lowered to that.</summary>
    /// <returns>A warning for each that was lowered.</returns>
    public static IReadOnlyList<string> Apply(IReadOnlyList<OciResourceLimit> limits)
    {
        List<string> warnings = [];
        foreach (var limit in limits)
        {
            var resource = Array.IndexOf(Names, limit.Type);
            if (resource < 0)
                throw new ContainerException(ContainerError.ContainerStartFailed, $"config.json sets a limit '{limit.Type}' that is not known.");
            var errno = Credentials.TrySetLimit(resource, limit.Soft, limit.Hard);
            if (errno == Errno.EPERM)
            {
                // Without CAP_SYS_RESOURCE a hard limit only falls.
                var allowed = Credentials.GetLimit(resource).Hard;
                errno = Credentials.TrySetLimit(resource, Math.Min(limit.Soft, allowed), Math.Min(limit.Hard, allowed));
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{limit.Type} was lowered from {limit.Hard} to {allowed}, the highest this session may give."));
            }

            if (errno != 0)
                throw new SyscallException("prlimit", errno, limit.Type);
        }

        return warnings;
    }
}
