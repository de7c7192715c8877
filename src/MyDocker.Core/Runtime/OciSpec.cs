using System.Text.Json;
using System.Text.Json.Serialization;

namespace MyDocker;

/// <summary>
/// config.json of the OCI runtime specification, as far as we write it: the contract between the engine and the helper,
/// which runc reads as well. https://github.com/opencontainers/runtime-spec/blob/v1.1.0/config.md
/// </summary>
internal sealed record OciSpec
{
    public string OciVersion { get; init; } = "1.0.2";

    public required OciProcess Process { get; init; }

    public required OciRoot Root { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<OciMount> Mounts { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public required OciLinux Linux { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

internal sealed record OciProcess
{
    public bool Terminal { get; init; }

    public OciUser User { get; init; } = new();

    public required IReadOnlyList<string> Args { get; init; }

    public IReadOnlyList<string> Env { get; init; } = [];

    public string Cwd { get; init; } = "/";

    public OciCapabilities? Capabilities { get; init; }

    public IReadOnlyList<OciResourceLimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }
}

internal sealed record OciUser
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}

internal sealed record OciCapabilities
{
    public IReadOnlyList<string> Bounding { get; init; } = [];

    public IReadOnlyList<string> Effective { get; init; } = [];

    public IReadOnlyList<string> Permitted { get; init; } = [];

    public IReadOnlyList<string>? Inheritable { get; init; }

    public IReadOnlyList<string>? Ambient { get; init; }
}

internal sealed record OciResourceLimit(string Type, ulong Soft, ulong Hard);

internal sealed record OciRoot(string Path, bool Readonly = false);

internal sealed record OciMount
{
    public required string Destination { get; init; }

    public string? Type { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string>? Options { get; init; }
}

internal sealed record OciLinux
{
    public IReadOnlyList<OciNamespace> Namespaces { get; init; } = [];

    public OciResources Resources { get; init; } = new();

    public string? CgroupsPath { get; init; }

    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }
}

internal sealed record OciNamespace(string Type, string? Path = null);

internal sealed record OciResources
{
    public IReadOnlyList<OciDeviceRule>? Devices { get; init; }

    public OciMemory? Memory { get; init; }

    public OciCpu? Cpu { get; init; }

    public OciPids? Pids { get; init; }
}

internal sealed record OciDeviceRule(bool Allow, string? Type = null, long? Major = null, long? Minor = null, string? Access = null);

internal sealed record OciMemory(long? Limit, long? Swap);

internal sealed record OciCpu
{
    public long? Shares { get; init; }

    public long? Quota { get; init; }

    public long? Period { get; init; }

    public string? Cpus { get; init; }
}

internal sealed record OciPids(long Limit);

/// <summary>Serialization of config.json, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(OciSpec))]
internal sealed partial class OciJson : JsonSerializerContext;
