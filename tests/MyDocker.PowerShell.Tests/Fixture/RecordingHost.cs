using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace MyDocker.Tests.Fixture;

/// <summary>A host that remembers what a user would have seen and been asked, and says no to every question.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly UserInterface userInterface = new();

    /// <summary>Lines written past the pipeline, as a container's standard error is.</summary>
    public IReadOnlyCollection<string> ErrorLines => userInterface.ErrorLines;

    /// <summary>What was written for people to read: formatted output, and what -WhatIf says.</summary>
    public string Text => string.Concat(userInterface.Written);

    /// <summary>Questions that were asked.</summary>
    public IReadOnlyCollection<string> Questions => userInterface.Questions;

    /// <summary>How far long work said it was.</summary>
    public IReadOnlyCollection<int> ProgressPercentages => userInterface.ProgressPercentages;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "MyDocker tests";

    public override PSHostUserInterface UI => userInterface;

    public override Version Version { get; } = new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }

    private sealed class UserInterface : PSHostUserInterface
    {
        public ConcurrentQueue<string> ErrorLines { get; } = new();

        public ConcurrentQueue<string> Written { get; } = new();

        public ConcurrentQueue<string> Questions { get; } = new();

        public ConcurrentQueue<int> ProgressPercentages { get; } = new();

        public override PSHostRawUserInterface RawUI => null!;

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override void Write(string value) => Written.Enqueue(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Written.Enqueue(value);

        public override void WriteLine(string value) => Written.Enqueue(value + "\n");

        public override void WriteErrorLine(string value) => ErrorLines.Enqueue(value);

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record) => ProgressPercentages.Enqueue(record.PercentComplete);

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new NotSupportedException($"A parameter is missing: {message}");

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            Questions.Enqueue(message);
            return choices.Select((choice, index) => (choice, index)).First(entry => entry.choice.Label == "&No").index;
        }

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            throw new NotSupportedException();
    }
}
