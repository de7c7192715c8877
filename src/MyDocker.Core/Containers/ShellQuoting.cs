using System.Text;

namespace MyDocker;

/// <summary>Shows an argument list in one line from which a POSIX shell would read the same list.</summary>
internal static class ShellQuoting
{
    public static string Join(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(IsPlain))
            return argument;
        var quoted = new StringBuilder("'");
        foreach (var character in argument)
            quoted.Append(character == '\'' ? "'\\''" : character.ToString());
        return quoted.Append('\'').ToString();
    }

    private static bool IsPlain(char character) => char.IsLetterOrDigit(character) || "_@%+=:,./-".Contains(character, StringComparison.Ordinal);
}
