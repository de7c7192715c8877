using System.Text.Json;

namespace MyDocker;

/// <summary>What is to be executed inside a running container. Handed to the helper in a memory file: its environment is nobody else's business.</summary>
public sealed record ExecRequest : IStoredJson<ExecRequest>
{
    /// <summary>argv; empty is the shell that the user has in the container's own /etc/passwd.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Variables beside the container's own, or in their place.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>user, uid, user:group or uid:gid by the container's own /etc/passwd; null is the container's user.</summary>
    public string? User { get; init; }

    /// <summary>An absolute folder inside; null is the container's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The size of the pseudo-terminal that the process gets; null is none.</summary>
    public TerminalSize? Terminal { get; init; }

    /// <summary>Whether somebody writes to its standard input, where there is no terminal.</summary>
    public bool HasInput { get; init; }

    /// <summary>Whether it goes on without whoever asked for it.</summary>
    public bool Detach { get; init; }

    static ExecRequest IStoredJson<ExecRequest>.FromJson(JsonElement json) => new()
    {
        Command = [.. json.GetProperty("command").EnumerateArray().Select(word => word.GetString()!)],
        Environment = json.GetProperty("environment").EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!),
        User = json.GetOptional("user")?.GetString(),
        WorkingDirectory = json.GetOptional("workingDirectory")?.GetString(),
        Terminal = json.GetOptional("terminal") is { } size ? new TerminalSize(size.GetProperty("columns").GetUInt16(), size.GetProperty("rows").GetUInt16()) : null,
        HasInput = json.GetProperty("hasInput").GetBoolean(),
        Detach = json.GetProperty("detach").GetBoolean(),
    };

    void IStoredJson<ExecRequest>.WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("command");
        foreach (var word in Command)
            writer.WriteStringValue(word);
        writer.WriteEndArray();
        writer.WriteStartObject("environment");
        foreach (var (name, value) in Environment)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("user", User);
        writer.WriteString("workingDirectory", WorkingDirectory);
        if (Terminal is { } size)
        {
            writer.WriteStartObject("terminal");
            writer.WriteNumber("columns", size.Columns);
            writer.WriteNumber("rows", size.Rows);
            writer.WriteEndObject();
        }

        writer.WriteBoolean("hasInput", HasInput);
        writer.WriteBoolean("detach", Detach);
        writer.WriteEndObject();
    }
}
