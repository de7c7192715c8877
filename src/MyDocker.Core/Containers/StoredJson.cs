using System.Text.Json;

namespace MyDocker;

/// <summary>
/// JSON that the native helper reads and writes at each start and end. By hand: JsonSerializer builds its metadata at first use,
/// which in a process that lives for one start costs more than all of its system calls, and memory for as long as it lives.
/// </summary>
internal interface IStoredJson<TSelf>
    where TSelf : IStoredJson<TSelf>
{
    /// <summary>Reads the value; throws what <see cref="JsonElement"/> throws when something is missing or of another type.</summary>
    static abstract TSelf FromJson(JsonElement json);

    /// <summary>Writes the value.</summary>
    void WriteTo(Utf8JsonWriter writer);
}

/// <summary>Reading and writing fields the way our files have them.</summary>
internal static class StoredJson
{
    /// <summary>A field's value; null when it is missing or null.</summary>
    public static JsonElement? GetOptional(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text that must be there.</summary>
    public static string GetRequiredString(this JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new JsonException($"'{name}' is null.");

    /// <summary>A value of an enumeration, by its name.</summary>
    public static T GetEnum<T>(this JsonElement json, string name)
        where T : struct, Enum =>
        Enum.TryParse<T>(json.GetRequiredString(name), out var value) && Enum.IsDefined(value)
            ? value
            : throw new JsonException($"'{name}' has a value that is not known.");

    /// <summary>The fields that are not ours, kept so that an older version loses nothing of a later one's.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? GetUnknown(this JsonElement json, string[] known)
    {
        Dictionary<string, JsonElement>? unknown = null;
        foreach (var property in json.EnumerateObject())
        {
            if (Array.IndexOf(known, property.Name) < 0)
                (unknown ??= [])[property.Name] = property.Value.Clone();
        }

        return unknown;
    }

    /// <summary>Writes those fields back.</summary>
    public static void WriteUnknown(this Utf8JsonWriter writer, IReadOnlyDictionary<string, JsonElement>? unknown)
    {
        foreach (var (name, value) in unknown ?? new Dictionary<string, JsonElement>())
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    /// <summary>The bytes of a value's file.</summary>
    public static byte[] ToBytes<T>(T value, bool isIndented = true)
        where T : IStoredJson<T>
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = isIndented }))
            value.WriteTo(writer);
        return bytes.ToArray();
    }

    /// <summary>Reads a value from its bytes.</summary>
    /// <exception cref="JsonException">The bytes are not that.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> bytes)
        where T : IStoredJson<T> =>
        Parse(bytes, T.FromJson);

    /// <summary>Reads anything from JSON; whatever does not fit is a <see cref="JsonException"/>.</summary>
    public static T Parse<T>(ReadOnlyMemory<byte> bytes, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 });
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }
}
