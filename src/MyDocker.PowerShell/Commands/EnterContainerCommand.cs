using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Enter-Container: a shell, or another command, inside a running container, on a terminal of its own. Without a terminal to sit at it
/// works as a pipe. Emits the container at the end.
/// </summary>
[Cmdlet(VerbsCommon.Enter, "Container", DefaultParameterSetName = ByName)]
[OutputType(typeof(ContainerInfo), typeof(string))]
public sealed class EnterContainerCommand : ContainerCommandCmdlet
{
    private Container? entered;
    private RunningCommand? fed;

    /// <summary>The command and its arguments; by default the shell that the user has in the container's /etc/passwd, else /bin/sh.</summary>
    [Parameter(Position = 1, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    [ArgumentListTransformation]
    public string[] Command { get; set; } = [];

    /// <summary>Keys that leave the terminal and let the command go on; ctrl-p,ctrl-q by default, none when empty.</summary>
    [Parameter]
    [ValidateNotNull]
    public string DetachKeys { get; set; } = MyDocker.DetachKeys.Default;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ParameterSetName != ByObject && HasInput)
            Attempt(() => fed = Begin(entered = SingleTarget(), ToRequest(Command)));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByObject)
            Attempt(() => Enter(PipedTarget()));
        else if (fed is not null)
            Attempt(() => fed.Feed(StandardInput.ToBytes(InputObject), Stopped));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        if (fed is not null)
            Conclude(entered!, fed.Finish(Stopped));
        else if (ParameterSetName != ByObject && !HasInput)
            Enter(SingleTarget());
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            fed?.Dispose();
        base.Dispose(disposing);
    }

    private Container SingleTarget()
    {
        var found = Id is [var prefix] ? [Store.FindById(prefix)] : NamedTargets();
        return found is [var one]
            ? one
            : throw new ContainerException(ContainerError.InvalidArgument, $"{found.Count} containers were named, and one can be entered.");
    }

    private void Enter(Container container)
    {
        var keys = MyDocker.DetachKeys.Parse(DetachKeys);
        if (HostConsole.IsTerminal(Host))
        {
            using var session = container.Exec(ToRequest(Command) with { Terminal = ConsoleTerminal.Size }, WriteWarning, Stopped);
            Conclude(container, session.RunInTerminal(keys, Stopped));
            return;
        }

        var isConsole = HostConsole.IsConsole(Host);
        using var running = Begin(container, ToRequest(Command) with { HasInput = isConsole });
        Conclude(container, isConsole ? running.FinishWithStandardInput(Stopped) : running.Finish(Stopped));
    }

    private void Conclude(Container container, int? exitCode)
    {
        // Left to itself, it has none.
        if (exitCode is not null)
            Conclude(exitCode);
        WriteObject(container.Inspect());
    }
}
