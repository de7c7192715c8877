namespace MyDocker;

/// <summary>Keys that, pressed one after another, leave a terminal and let what runs in it go on: ctrl-p,ctrl-q as with docker.</summary>
public sealed class DetachKeys
{
    /// <summary>docker's and podman's.</summary>
    public const string Default = "ctrl-p,ctrl-q";

    private readonly byte[] sequence;
    private int matched;

    private DetachKeys(byte[] sequence) => this.sequence = sequence;

    /// <summary>Reads keys as docker writes them: single characters and ctrl-a to ctrl-z, ctrl-@, ctrl-[, ctrl-\, ctrl-], ctrl-^, ctrl-_; empty is none.</summary>
    /// <exception cref="ContainerException">InvalidArgument for anything else.</exception>
    public static DetachKeys Parse(string text) =>
        new(text.Length == 0 ? [] : [.. text.Split(',').Select(key => ToByte(key) ?? throw ContainerException.Invalid(
            $"'{text}' are no detach keys: write single characters and ctrl-a to ctrl-z, with commas between them, such as {Default}.", text))]);

    /// <summary>
    /// Takes what was typed. What may be the beginning of the sequence is kept back until it is clear that it is not.
    /// </summary>
    /// <param name="typed">The bytes.</param>
    /// <param name="passedOn">Gets those that go on to the terminal.</param>
    /// <returns>Whether the sequence is complete.</returns>
    internal bool Take(ReadOnlySpan<byte> typed, List<byte> passedOn)
    {
        foreach (var key in typed)
        {
            ReadOnlySpan<byte> kept = [.. sequence.AsSpan(0, matched), key];
            // The longest end of it that may still be a beginning.
            var gone = 0;
            while (!sequence.AsSpan().StartsWith(kept[gone..]))
                gone++;
            passedOn.AddRange(kept[..gone]);
            matched = kept.Length - gone;
            if (matched > 0 && matched == sequence.Length)
                return true;
        }

        return false;
    }

    private static byte? ToByte(string key)
    {
        const string Control = "ctrl-";
        if (key.Length == 1 && char.IsAscii(key[0]))
            return (byte)key[0];
        if (key.Length != Control.Length + 1 || !key.StartsWith(Control, StringComparison.OrdinalIgnoreCase))
            return null;
        // A control character is its letter without the upper bits; see ascii(7).
        return char.ToUpperInvariant(key[^1]) is >= '@' and <= '_' and var letter ? (byte)(letter & 0x1F) : null;
    }
}
