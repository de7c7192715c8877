using System.Globalization;
using System.Management.Automation;

namespace MyDocker;

/// <summary>Takes a number of bytes, also as docker and PowerShell write it: '512m', '256MB', '1.5GiB'. All units are powers of 1024.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Units = "bkmgt";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text)
            return inputData;
        return TryParse(text)
            ?? throw new ArgumentTransformationMetadataException($"'{text}' is no size: write bytes, or a number with k, m, g or t, such as 512m or 1.5GiB.");
    }

    /// <summary>Parses a size; null when it is none.</summary>
    internal static long? TryParse(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.AsSpan().TrimEnd("bBiIkKmMgGtT");
        var unit = trimmed[digits.Length..].ToLowerInvariant();
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var power = unit switch
        {
            "" => 0,
            [var letter] => Units.IndexOf(letter, StringComparison.Ordinal),
            [var letter, 'b'] => Units.IndexOf(letter, 1),
            [var letter, 'i', 'b'] => Units.IndexOf(letter, 1),
            _ => -1,
        };
        var bytes = number * Math.Pow(1024, power);
        return power >= 0 && bytes < long.MaxValue ? (long)bytes : null;
    }
}
