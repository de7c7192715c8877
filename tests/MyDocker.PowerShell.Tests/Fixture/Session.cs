using System.Management.Automation;
using System.Management.Automation.Runspaces;
using MyDocker.Shell;

namespace MyDocker.Tests.Fixture;

/// <summary>One PowerShell session with the module imported, as a user has it.</summary>
internal sealed class Session : IDisposable
{
    private readonly Runspace runspace;

    /// <param name="rootFileSystem">What scripts find in $rootfs.</param>
    public Session(string rootFileSystem)
    {
        runspace = RunspaceFactory.CreateRunspace(Host, ShellSession.InitialState());
        runspace.Open();
        runspace.SessionStateProxy.SetVariable("rootfs", rootFileSystem);
    }

    public RecordingHost Host { get; } = new();

    public object? LastExitCode => runspace.SessionStateProxy.GetVariable("LASTEXITCODE");

    /// <summary>Runs a script that must not fail in any way.</summary>
    public Outcome Run(string script, params object?[] arguments)
    {
        var outcome = Try(script, arguments);
        Assert.True(outcome.Errors.Count == 0, $"{script}\n{string.Join('\n', outcome.Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}"))}");
        return outcome;
    }

    /// <summary>Runs a script and gives back all that came of it, errors included.</summary>
    public Outcome Try(string script, params object?[] arguments)
    {
        using var running = Begin(script, arguments);
        return running.Wait();
    }

    /// <summary>Runs a script that must fail with exactly one error, of this id.</summary>
    public ErrorRecord Fail(ContainerError error, string script, params object?[] arguments)
    {
        var record = Assert.Single(Try(script, arguments).Errors);
        Assert.Equal(error.ToString(), record.FullyQualifiedErrorId.Split(',')[0]);
        return record;
    }

    /// <summary>Starts a script and does not wait.</summary>
    public RunningScript Begin(string script, params object?[] arguments) => new(runspace, script, arguments);

    /// <summary>What Tab offers at the end of a text.</summary>
    public string[] Complete(string text)
    {
        using var shell = PowerShell.Create(runspace);
        return [.. CommandCompletion.CompleteInput(text, text.Length, null, shell).CompletionMatches.Select(match => match.CompletionText)];
    }

    public void Dispose() => runspace.Dispose();
}

/// <summary>What a script has come to.</summary>
internal sealed record Outcome(IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Verbose, IReadOnlyList<string> Warnings)
{
    public string[] Lines => [.. Output.Select(item => Assert.IsType<string>(item.BaseObject))];

    public ContainerInfo[] Containers => [.. Output.Select(item => Assert.IsType<ContainerInfo>(item.BaseObject))];

    public ContainerInfo Container => Assert.Single(Containers);
}
