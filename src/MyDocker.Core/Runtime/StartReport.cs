using System.Text.Json;

namespace MyDocker;

/// <summary>
/// What the start of a container comes to: one JSON line from the monitor to whoever asked for the start, and from the
/// container's init to the monitor when a step fails.
/// <code>
/// Start-Container          monitor                       init
///      ── posix_spawn ──►  lock, derive status
///                          cgroup; clone3 ─────────────►  mounts, pivot_root, devices, …
///                          starting, state.json           (terminal ◄── its master, if there is one)
///                          ─────────── go ───────────►    user, capabilities
///                          ◄────────── ready ─────────    execve ──► your process
///                          ◄── end of file (close-on-exec)
///                          starting is unlinked
///      ◄── started ──────  unlock; pump the log, wait
/// </code>
/// Whoever dies in between ends the other side's wait by end of file, and an init without a monitor ends itself.
/// </summary>
internal sealed record StartReport : IStoredJson<StartReport>
{
    /// <summary>Null when the container runs.</summary>
    public ContainerError? Error { get; init; }

    /// <summary>One sentence that says what went wrong and what to do.</summary>
    public string? Message { get; init; }

    /// <summary>The path or command it is about.</summary>
    public string? Target { get; init; }

    /// <summary>What was done otherwise than asked for, such as a limit lowered to what is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static StartReport From(ContainerException exception) =>
        new() { Error = exception.Error, Message = exception.Message, Target = exception.Target };

    public ContainerException ToException(string containerName) =>
        new(Error ?? ContainerError.ContainerStartFailed, Message ?? "The start failed.", Target ?? containerName);

    public static StartReport FromJson(JsonElement json) => new()
    {
        Error = json.GetOptional("error") is null ? null : json.GetEnum<ContainerError>("error"),
        Message = json.GetOptional("message")?.GetString(),
        Target = json.GetOptional("target")?.GetString(),
        Warnings = [.. json.GetOptional("warnings")?.EnumerateArray().Select(warning => warning.GetString() ?? "") ?? []],
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Error is { } error)
            writer.WriteString("error", error.ToString());
        if (Message is not null)
            writer.WriteString("message", Message);
        if (Target is not null)
            writer.WriteString("target", Target);
        writer.WriteStartArray("warnings");
        foreach (var warning in Warnings)
            writer.WriteStringValue(warning);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
