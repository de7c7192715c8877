using System.Text;

namespace MyDocker;

/// <summary>Makes lines of text out of bytes as they come: UTF-8, a character or a line may be cut anywhere.</summary>
internal sealed class LineSplitter
{
    private readonly Decoder decoder = new UTF8Encoding(false).GetDecoder();
    private readonly StringBuilder pending = new();
    private char[] characters = [];

    /// <summary>The lines that these bytes complete, without their ends.</summary>
    public List<string> Split(ReadOnlySpan<byte> bytes)
    {
        var needed = decoder.GetCharCount(bytes, flush: false);
        if (characters.Length < needed)
            characters = new char[needed];
        var text = characters.AsSpan(0, decoder.GetChars(bytes, characters, flush: false));

        var lines = new List<string>();
        int newline;
        while ((newline = text.IndexOf('\n')) >= 0)
        {
            pending.Append(text[..newline]);
            text = text[(newline + 1)..];
            if (pending.Length > 0 && pending[^1] == '\r')
                pending.Length--;
            lines.Add(pending.ToString());
            pending.Clear();
        }

        pending.Append(text);
        return lines;
    }

    /// <summary>What is left without an end of line, if anything.</summary>
    public IEnumerable<string> Rest() => pending.Length > 0 ? [pending.ToString()] : [];
}
