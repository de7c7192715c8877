using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace MyDocker.Shell;

/// <summary>Text in and out of the console, and the questions that -Confirm asks.</summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    /// <summary>Colours are for people: none where the output goes to a file or a pipe.</summary>
    public override bool SupportsVirtualTerminal => !Console.IsOutputRedirected;

    public override string ReadLine() => Console.ReadLine() ?? "";

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException("This shell can't read secrets.");

    public override void Write(string value) => Console.Write(GetOutputString(value, SupportsVirtualTerminal));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Console.WriteLine(GetOutputString(value, SupportsVirtualTerminal));

    public override void WriteErrorLine(string value) => Console.Error.WriteLine(value);

    public override void WriteDebugLine(string message) => Console.WriteLine($"DEBUG: {message}");

    public override void WriteVerboseLine(string message) => Console.WriteLine($"VERBOSE: {message}");

    public override void WriteWarningLine(string message) => Console.WriteLine($"WARNING: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        var answers = new Dictionary<string, PSObject>();
        foreach (var description in descriptions)
        {
            Console.Write($"{description.Name}: ");
            answers[description.Name] = PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Console.WriteLine(caption);
        Console.WriteLine(message);
        while (true)
        {
            Console.Write(string.Join("  ", choices.Select(choice => $"[{Key(choice)}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}")) + ": ");
            if (Console.ReadLine() is not { Length: > 0 } answer)
                return defaultChoice;
            for (var i = 0; i < choices.Count; i++)
            {
                if (answer.Equals(Key(choices[i]), StringComparison.OrdinalIgnoreCase))
                    return i;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException("This shell can't ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException("This shell can't ask for credentials.");

    /// <summary>The letter behind the ampersand of a choice's label: "&amp;Yes" is Y.</summary>
    private static string Key(ChoiceDescription choice) =>
        choice.Label.IndexOf('&', StringComparison.Ordinal) is >= 0 and var at && at + 1 < choice.Label.Length ? choice.Label.Substring(at + 1, 1) : choice.Label;
}
