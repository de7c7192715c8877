using System.Security.Cryptography;

namespace MyDocker;

/// <summary>Names and ids of containers.</summary>
public static class ContainerName
{
    private const int MaximumLength = 63;

    private static readonly string[] Adjectives =
    [
        "amber", "bold", "brave", "bright", "calm", "clever", "cosy", "deft", "eager", "fair", "fond", "gentle", "glad",
        "keen", "kind", "lively", "lucky", "mellow", "merry", "nimble", "noble", "plucky", "proud", "quiet", "quick",
        "rapid", "sly", "snug", "spry", "sunny", "swift", "tidy", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Birds =
    [
        "avocet", "bunting", "crane", "curlew", "dipper", "dove", "dunlin", "eider", "falcon", "finch", "grebe", "gull",
        "hawk", "heron", "hoopoe", "ibis", "jay", "kestrel", "kite", "lark", "linnet", "magpie", "martin", "merlin",
        "osprey", "owl", "petrel", "pipit", "plover", "puffin", "raven", "robin", "rook", "shrike", "siskin", "snipe",
        "starling", "stork", "swallow", "swan", "swift", "tern", "thrush", "wagtail", "warbler", "wren",
    ];

    /// <summary>Whether a text may name a container: [a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    /// <summary>Refuses what may not name a container.</summary>
    internal static string Require(string name) => IsValid(name)
        ? name
        : throw new ContainerException(
            ContainerError.InvalidContainerName,
            $"'{name}' can't name a container: use 1 to 63 letters, digits, '_', '.' and '-', beginning with a letter or digit.",
            name);

    /// <summary>A readable name that may well be free.</summary>
    internal static string Generate(int attempt)
    {
        var name = $"{Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)]}-{Birds[RandomNumberGenerator.GetInt32(Birds.Length)]}";
        return attempt < 3 ? name : $"{name}-{RandomNumberGenerator.GetInt32(1000, 100_000)}";
    }

    /// <summary>A new id, 64 hexadecimal digits.</summary>
    internal static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text is a whole id.</summary>
    internal static bool IsId(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
