using System.Globalization;

namespace MyDocker;

/// <summary>Sizes for people to read.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A number of bytes in the unit that fits, as docker writes it: 512B, 1.5MiB; "-" where there is none.</summary>
    public static string ToText(long? bytes)
    {
        if (bytes is not { } number)
            return "-";
        var unit = 0;
        double size = number;
        // What would be rounded up to 1024 belongs to the next unit.
        while (size >= 1023.95 && unit < Units.Length - 1)
            (size, unit) = (size / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#}{Units[unit]}");
    }
}
