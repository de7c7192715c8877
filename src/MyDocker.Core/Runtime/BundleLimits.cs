using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MyDocker;

/// <summary>Puts other limits into a bundle's config.json and leaves all else in it as it is, also what somebody has added by hand.</summary>
internal static class BundleLimits
{
    /// <summary>The bytes of the file with other limits.</summary>
    /// <exception cref="JsonException">The bytes are no bundle.</exception>
    public static byte[] Replace(ReadOnlyMemory<byte> bundle, OciResources resources)
    {
        if (JsonNode.Parse(bundle.Span) is not JsonObject json || json["linux"] is not JsonObject linux)
            throw new JsonException("it has no 'linux'");
        if (linux["resources"] is not JsonObject limits)
            linux["resources"] = limits = [];
        Replace(limits, "memory", resources.Memory, OciJson.Default.OciMemory);
        Replace(limits, "cpu", resources.Cpu, OciJson.Default.OciCpu);
        Replace(limits, "pids", resources.Pids, OciJson.Default.OciPids);

        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
            json.WriteTo(writer);
        return bytes.ToArray();
    }

    private static void Replace<T>(JsonObject limits, string name, T? value, JsonTypeInfo<T> type)
        where T : class
    {
        if (value is null)
            limits.Remove(name);
        else
            limits[name] = JsonSerializer.SerializeToNode(value, type);
    }
}
