using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MyDocker;

/// <summary>Takes a moment: a time, or how long ago it was, as a TimeSpan or as docker writes it ('10m', '1h30m', '90s').</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed partial class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            TimeSpan ago => Before(DateTimeOffset.Now, ago.TotalSeconds),
            DateTime time => new DateTimeOffset(time),
            string text => TryParse(text, DateTimeOffset.Now)
                ?? throw new ArgumentTransformationMetadataException($"'{text}' is no time: write one such as '2026-01-31 12:00', or how long ago it was, such as 10m or 1h30m."),
            var other => other,
        };

    /// <summary>Reads a time, which is local where it does not say otherwise; null when it is none.</summary>
    internal static DateTimeOffset? TryParse(string text, DateTimeOffset now)
    {
        if (HowLongAgo().Match(text) is { Success: true } match)
            return Before(now, match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures, (number, unit) => Seconds(number.Value, unit.Value)).Sum());
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AllowWhiteSpaces, out var time)
            ? time
            : null;
    }

    private static double Seconds(string number, string unit) => double.Parse(number, CultureInfo.InvariantCulture) * unit switch
    {
        "d" => 86400,
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        _ => 0.001,
    };

    /// <summary>Longer ago than there is time is the beginning of it.</summary>
    private static DateTimeOffset Before(DateTimeOffset now, double seconds) =>
        seconds < (now - DateTimeOffset.MinValue).TotalSeconds ? now.AddSeconds(-seconds) : DateTimeOffset.MinValue;

    [GeneratedRegex(@"^((?<number>\d{1,9}(\.\d{1,9})?)(?<unit>d|h|ms|m|s))+$")]
    private static partial Regex HowLongAgo();
}
