using System.Text.Json;
using System.Text.Json.Serialization;
using MyDocker.Processes;

namespace MyDocker;

/// <summary>container.json: who the container is and what was asked for. Changes only by Rename and Set.</summary>
internal sealed record ContainerRecord
{
    public const int CurrentSchema = 1;

    public int SchemaVersion { get; init; } = CurrentSchema;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ContainerSpec Spec { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>state.json: what was last known of the current run. Written under the container's lock.</summary>
internal sealed record RunState
{
    public int SchemaVersion { get; init; } = ContainerRecord.CurrentSchema;

    /// <summary>Counts the starts; an exit record belongs to one of them.</summary>
    public required int Run { get; init; }

    public required RunPhase Phase { get; init; }

    /// <summary>The container's first process.</summary>
    public required ProcessIdentity Process { get; init; }

    /// <summary>The helper that looks after it.</summary>
    public required ProcessIdentity Monitor { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Set while someone wants it to end.</summary>
    public StopRequest? Stop { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>How far a start has come.</summary>
internal enum RunPhase
{
    /// <summary>The process exists but does not yet run the user's program.</summary>
    Starting,

    /// <summary>The user's program has been executed.</summary>
    Running,
}

/// <summary>Someone wants the container to end.</summary>
/// <param name="RequestedAt">Since when.</param>
/// <param name="Reason">How far it went: Signaled, or Killed and UndeliverableSignal once SIGKILL was due.</param>
internal sealed record StopRequest(DateTimeOffset RequestedAt, StopReason Reason);

/// <summary>exit.json: how a run ended. Written once, by the monitor, or by the next command when the monitor is dead.</summary>
internal sealed record ExitRecord
{
    public int SchemaVersion { get; init; } = ContainerRecord.CurrentSchema;

    public required int Run { get; init; }

    public required ContainerStatus Status { get; init; }

    public required StopReason Reason { get; init; }

    public int? ExitCode { get; init; }

    public bool OomKilled { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Serialization of the store's files, made at compile time: no reflection, so it works in the native helper.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(ExitRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;
