using System.Globalization;
using System.Text.Json;

namespace MyDocker.Helper.Monitor;

/// <summary>Reads a bundle's config.json, all of it that we act on; see <see cref="IStoredJson{TSelf}"/> for why by hand.</summary>
internal static class BundleReader
{
    /// <summary>Everything a monitor has to know of its container is in the bundle.</summary>
    /// <exception cref="ContainerException">ContainerNotFound, or ContainerStateInvalid for a broken file.</exception>
    public static (Container Container, OciSpec Spec) Load(ContainerStore store, string id, string name)
    {
        var spec = JsonFile.TryRead($"{store.ContainersFolder}/{id}/{Container.BundleFile}", bytes => StoredJson.Parse(bytes, ReadSpec))
            ?? throw ContainerException.NotFound(name);
        var record = new ContainerRecord
        {
            Id = id,
            Name = name,
            CreatedAt = default,
            Spec = new ContainerSpec
            {
                AutoRemove = Annotation(spec, Bundle.AutoRemoveAnnotation) == "true",
                LogMaximumSize = NumberIn(spec, Bundle.LogMaximumSizeAnnotation),
                LogMaximumFiles = (int)NumberIn(spec, Bundle.LogMaximumFilesAnnotation),
            },
        };
        return (new Container(store, record), spec);
    }

    /// <summary>Whether the process's standard input is open, without a terminal.</summary>
    public static bool IsInteractive(OciSpec spec) => !spec.Process.Terminal && Annotation(spec, Bundle.InteractiveAnnotation) == "true";

    private static string? Annotation(OciSpec spec, string name) => spec.Annotations?.GetValueOrDefault(name);

    private static long NumberIn(OciSpec spec, string annotation) =>
        long.TryParse(Annotation(spec, annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ContainerException(ContainerError.ContainerStateInvalid, $"The bundle's config.json lacks the annotation '{annotation}', or it is no number.");

    internal static OciSpec ReadSpec(JsonElement json) => new()
    {
        Process = ReadProcess(json.GetProperty("process")),
        Root = new OciRoot(json.GetProperty("root").GetRequiredString("path"), Flag(json.GetProperty("root"), "readonly")),
        Hostname = json.GetOptional("hostname")?.GetString(),
        Mounts = List(json, "mounts", ReadMount) ?? [],
        Annotations = json.GetOptional("annotations")?.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? ""),
        Linux = ReadLinux(json.GetProperty("linux")),
    };

    private static OciProcess ReadProcess(JsonElement json) => new()
    {
        Terminal = Flag(json, "terminal"),
        User = ReadUser(json.GetProperty("user")),
        Args = Texts(json, "args") is { Count: > 0 } arguments ? arguments : throw new JsonException("'args' is empty."),
        Env = Texts(json, "env") ?? [],
        Cwd = json.GetRequiredString("cwd"),
        Capabilities = json.GetOptional("capabilities") is { } sets ? ReadCapabilities(sets) : null,
        Rlimits = List(json, "rlimits", limit => new OciResourceLimit(
            limit.GetRequiredString("type"), limit.GetProperty("soft").GetUInt64(), limit.GetProperty("hard").GetUInt64())),
        NoNewPrivileges = Flag(json, "noNewPrivileges"),
    };

    private static OciUser ReadUser(JsonElement json) => new()
    {
        Uid = json.GetProperty("uid").GetUInt32(),
        Gid = json.GetProperty("gid").GetUInt32(),
        AdditionalGids = List(json, "additionalGids", group => group.GetUInt32()),
    };

    private static OciCapabilities ReadCapabilities(JsonElement json) => new()
    {
        Bounding = Texts(json, "bounding") ?? [],
        Effective = Texts(json, "effective") ?? [],
        Permitted = Texts(json, "permitted") ?? [],
        Inheritable = Texts(json, "inheritable"),
        Ambient = Texts(json, "ambient"),
    };

    private static OciMount ReadMount(JsonElement json) => new()
    {
        Destination = json.GetRequiredString("destination"),
        Type = json.GetOptional("type")?.GetString(),
        Source = json.GetOptional("source")?.GetString(),
        Options = Texts(json, "options"),
    };

    private static OciLinux ReadLinux(JsonElement json) => new()
    {
        Namespaces = List(json, "namespaces", entry => new OciNamespace(entry.GetRequiredString("type"), entry.GetOptional("path")?.GetString())) ?? [],
        Resources = json.GetOptional("resources") is { } resources ? ReadResources(resources) : new OciResources(),
        CgroupsPath = json.GetOptional("cgroupsPath")?.GetString(),
        RootfsPropagation = json.GetOptional("rootfsPropagation")?.GetString(),
        MaskedPaths = Texts(json, "maskedPaths"),
        ReadonlyPaths = Texts(json, "readonlyPaths"),
    };

    private static OciResources ReadResources(JsonElement json) => new()
    {
        Devices = List(json, "devices", rule => new OciDeviceRule(
            Flag(rule, "allow"), rule.GetOptional("type")?.GetString(), Number(rule, "major"), Number(rule, "minor"), rule.GetOptional("access")?.GetString())),
        Memory = json.GetOptional("memory") is { } memory ? new OciMemory(Number(memory, "limit"), Number(memory, "swap")) : null,
        Cpu = json.GetOptional("cpu") is not { } cpu ? null : new OciCpu
        {
            Shares = Number(cpu, "shares"),
            Quota = Number(cpu, "quota"),
            Period = Number(cpu, "period"),
            Cpus = cpu.GetOptional("cpus")?.GetString(),
        },
        Pids = json.GetOptional("pids") is { } pids ? new OciPids(pids.GetProperty("limit").GetInt64()) : null,
    };

    private static bool Flag(JsonElement json, string name) => json.GetOptional(name)?.GetBoolean() ?? false;

    private static long? Number(JsonElement json, string name) => json.GetOptional(name)?.GetInt64();

    private static List<string>? Texts(JsonElement json, string name) =>
        List(json, name, text => text.GetString() ?? throw new JsonException($"'{name}' has a null in it."));

    private static List<T>? List<T>(JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.GetOptional(name) is not { } array)
            return null;
        var list = new List<T>();
        foreach (var element in array.EnumerateArray())
            list.Add(read(element));
        return list;
    }
}
