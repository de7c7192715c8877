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

    /// <summary>True while limits are being changed: config.json and the control group may not have them yet, until somebody finishes it.</summary>
    public bool? IsChanging { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>state.json: what was last known of the current run. Written under the container's lock.</summary>
internal sealed record RunState : IStoredJson<RunState>
{
    private static readonly string[] Names = ["schemaVersion", "run", "process", "monitor", "startedAt", "pausedAt", "stop"];

    public int SchemaVersion { get; init; } = ContainerRecord.CurrentSchema;

    /// <summary>Counts the starts; an exit record belongs to one of them.</summary>
    public required int Run { get; init; }

    /// <summary>The container's first process.</summary>
    public required ProcessIdentity Process { get; init; }

    /// <summary>The helper that looks after it.</summary>
    public required ProcessIdentity Monitor { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>
    /// Since when it is suspended. For those who watch: that it is, the kernel says, and it alone is believed.
    /// </summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Set while someone wants it to end.</summary>
    public StopRequest? Stop { get; init; }

    /// <summary>What a later version has written beside.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Unknown { get; init; }

    public static RunState FromJson(JsonElement json) => new()
    {
        SchemaVersion = json.GetOptional("schemaVersion")?.GetInt32() ?? ContainerRecord.CurrentSchema,
        Run = json.GetProperty("run").GetInt32(),
        Process = ReadIdentity(json.GetProperty("process")),
        Monitor = ReadIdentity(json.GetProperty("monitor")),
        StartedAt = json.GetProperty("startedAt").GetDateTimeOffset(),
        PausedAt = json.GetOptional("pausedAt")?.GetDateTimeOffset(),
        Stop = json.GetOptional("stop") is { } stop
            ? new StopRequest(stop.GetProperty("requestedAt").GetDateTimeOffset(), stop.GetEnum<StopReason>("reason"))
            : null,
        Unknown = json.GetUnknown(Names),
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", SchemaVersion);
        writer.WriteNumber("run", Run);
        WriteIdentity(writer, "process", Process);
        WriteIdentity(writer, "monitor", Monitor);
        writer.WriteString("startedAt", StartedAt);
        if (PausedAt is { } pausedAt)
            writer.WriteString("pausedAt", pausedAt);
        if (Stop is not null)
        {
            writer.WriteStartObject("stop");
            writer.WriteString("requestedAt", Stop.RequestedAt);
            writer.WriteString("reason", Stop.Reason.ToString());
            writer.WriteEndObject();
        }

        writer.WriteUnknown(Unknown);
        writer.WriteEndObject();
    }

    private static ProcessIdentity ReadIdentity(JsonElement json) => new(
        json.GetProperty("pid").GetInt32(), json.GetProperty("startTime").GetUInt64(), json.GetRequiredString("bootId"));

    private static void WriteIdentity(Utf8JsonWriter writer, string name, ProcessIdentity identity)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("pid", identity.Pid);
        writer.WriteNumber("startTime", identity.StartTime);
        writer.WriteString("bootId", identity.BootId);
        writer.WriteEndObject();
    }
}

/// <summary>Someone wants the container to end.</summary>
/// <param name="RequestedAt">Since when.</param>
/// <param name="Reason">How far it went: Signaled, or Killed and UndeliverableSignal once SIGKILL was due.</param>
internal sealed record StopRequest(DateTimeOffset RequestedAt, StopReason Reason);

/// <summary>exit.json: how a run ended. Written once, by the monitor, or by the next command when the monitor is dead.</summary>
internal sealed record ExitRecord : IStoredJson<ExitRecord>
{
    private static readonly string[] Names =
        ["schemaVersion", "run", "status", "reason", "exitCode", "oomKilled", "startedAt", "finishedAt"];

    public int SchemaVersion { get; init; } = ContainerRecord.CurrentSchema;

    public required int Run { get; init; }

    public required ContainerStatus Status { get; init; }

    public required StopReason Reason { get; init; }

    public int? ExitCode { get; init; }

    public bool OomKilled { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What a later version has written beside.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Unknown { get; init; }

    public static ExitRecord FromJson(JsonElement json) => new()
    {
        SchemaVersion = json.GetOptional("schemaVersion")?.GetInt32() ?? ContainerRecord.CurrentSchema,
        Run = json.GetProperty("run").GetInt32(),
        Status = json.GetEnum<ContainerStatus>("status"),
        Reason = json.GetEnum<StopReason>("reason"),
        ExitCode = json.GetOptional("exitCode")?.GetInt32(),
        OomKilled = json.GetOptional("oomKilled")?.GetBoolean() ?? false,
        StartedAt = json.GetProperty("startedAt").GetDateTimeOffset(),
        FinishedAt = json.GetProperty("finishedAt").GetDateTimeOffset(),
        Unknown = json.GetUnknown(Names),
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", SchemaVersion);
        writer.WriteNumber("run", Run);
        writer.WriteString("status", Status.ToString());
        writer.WriteString("reason", Reason.ToString());
        if (ExitCode is { } code)
            writer.WriteNumber("exitCode", code);
        writer.WriteBoolean("oomKilled", OomKilled);
        writer.WriteString("startedAt", StartedAt);
        writer.WriteString("finishedAt", FinishedAt);
        writer.WriteUnknown(Unknown);
        writer.WriteEndObject();
    }
}

/// <summary>Serialization of container.json, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(ContainerRecord))]
internal sealed partial class StoreJson : JsonSerializerContext;
