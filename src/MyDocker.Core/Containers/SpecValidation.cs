using System.Globalization;

namespace MyDocker;

/// <summary>Refuses wishes that can't come true, before anything is made.</summary>
internal static class SpecValidation
{
    private const long SmallestMemory = 6L << 20;
    private const double SmallestCpus = 0.01;

    /// <exception cref="ContainerException">InvalidArgument, saying which and why.</exception>
    public static void Check(ContainerSpec spec)
    {
        if (spec.Command.Count == 0 || spec.Command[0].Length == 0)
            throw ContainerException.Invalid("A container needs a command: give one with -Command.");
        Check(spec.Command, spec.Environment);
        if (spec.Hostname is { } hostname && (hostname.Length is 0 or > 64 || !hostname.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')))
            throw ContainerException.Invalid($"'{hostname}' is no host name: use 1 to 64 letters, digits, '-' and '.'.", hostname);
        RequirePath(spec.WorkingDirectory, "The working directory");
        foreach (var mount in spec.Mounts)
            Check(mount);
        Check(spec.Limits);
        if (spec.StopTimeoutSeconds < -1)
            throw ContainerException.Invalid("A stop time-out is a number of seconds; 0 is at once and -1 is for ever.");
        _ = Capabilities.Of(spec);
    }

    /// <exception cref="ContainerException">InvalidArgument, saying which and why.</exception>
    public static void Check(ExecRequest request)
    {
        if (request.Command is ["", ..])
            throw ContainerException.Invalid("An empty text can't be a command.");
        Check(request.Command, request.Environment);
        if (request.WorkingDirectory is { } folder)
            RequirePath(folder, "The working directory");
    }

    private static void Check(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var text in command.Concat(environment.Values).Concat(environment.Keys))
        {
            if (text.Contains('\0', StringComparison.Ordinal))
                throw ContainerException.Invalid("A command and its environment can't contain a zero character.");
        }

        foreach (var name in environment.Keys)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
                throw ContainerException.Invalid($"'{name}' can't name an environment variable.", name);
        }
    }

    private static void Check(ContainerMount mount)
    {
        RequirePath(mount.Destination, "A mount's destination");
        if (mount.Destination.Split('/').Contains("..") || mount.Destination.TrimEnd('/').Length == 0)
            throw ContainerException.Invalid($"'{mount.Destination}' can't be a mount's destination: name a folder below /, without '..'.", mount.Destination);
        if (mount.Kind != ContainerMountKind.Bind)
            return;
        RequirePath(mount.Source ?? "", "A volume's source");
        if (!Path.Exists(mount.Source))
            throw ContainerException.Invalid($"'{mount.Source}' is not there: make it before it is used as a volume.", mount.Source);
    }

    /// <exception cref="ContainerException">InvalidArgument, saying which and why.</exception>
    public static void Check(ContainerLimits limits)
    {
        if (limits.Memory is < SmallestMemory)
            throw ContainerException.Invalid($"{limits.Memory} bytes of memory are too few: at least 6 MiB are needed.");
        if (limits.Cpus is { } cpus && (double.IsNaN(cpus) || cpus < SmallestCpus || cpus > Environment.ProcessorCount))
        {
            throw ContainerException.Invalid(string.Create(
                CultureInfo.InvariantCulture, $"{cpus} processors can't be given: this machine has {Environment.ProcessorCount}, and the least is {SmallestCpus}."));
        }

        if (limits.CpuShares is < 2 or > 262_144)
            throw ContainerException.Invalid($"{limits.CpuShares} CPU shares are out of range: 2 to 262144, usually 1024.");
        if (limits.PidsLimit is < 1)
            throw ContainerException.Invalid($"{limits.PidsLimit} processes are too few: at least one is needed.");
        if (limits.CpuSet is { } set && (set.Length == 0 || !set.All(c => char.IsAsciiDigit(c) || c is ',' or '-')))
            throw ContainerException.Invalid($"'{set}' is no list of processors: write 0-2,7 for instance.", set);
    }

    private static void RequirePath(string path, string what)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            throw ContainerException.Invalid($"{what} has to be an absolute path; '{path}' is not.", path);
    }
}
