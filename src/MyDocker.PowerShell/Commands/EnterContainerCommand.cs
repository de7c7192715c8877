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
    private AttachSession? attached;
    private RunningCommand? fed;

    /// <summary>The command and its arguments; by default the shell that the user has in the container's /etc/passwd, else /bin/sh.</summary>
    [Parameter(Position = 1, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    [ArgumentListTransformation]
    public string[] Command { get; set; } = [];

    /// <summary>
    /// Instead of a command of your own: the container's main process, for one that was made with -Terminal or -Interactive. Any number
    /// may look at it at once.
    /// </summary>
    [Parameter]
    public SwitchParameter Attach { get; set; }

    /// <summary>Keys that leave the terminal and let the command go on; ctrl-p,ctrl-q by default, none when empty.</summary>
    [Parameter]
    [ValidateNotNull]
    public string DetachKeys { get; set; } = MyDocker.DetachKeys.Default;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ParameterSetName != ByObject && HasInput)
            Attempt(() => fed = BeginFed(entered = SingleTarget()));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByObject)
            Attempt(() => Enter(PipedTarget()));
        else if (fed is not null)
            Attempt(() => fed.Feed(StandardInput.ToBytes(InputObject)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        if (fed is not null && attached is not null)
            WriteObject(AttachedContainer.Conclude(this, entered!, attached, fed.Finish(), Errors));
        else if (fed is not null)
            Conclude(entered!, fed.Finish());
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
        if (Id is [var prefix])
            return Store.FindById(prefix);
        if (Name is [var name] && !WildcardPattern.ContainsWildcardCharacters(name))
            return Store.Find(name);
        return NamedTargets() switch
        {
            [var one] => one,
            [] => throw new ContainerException(ContainerError.ContainerNotFound, $"No container that runs matches '{string.Join(", ", Name ?? Id ?? [])}'."),
            var several => throw new ContainerException(ContainerError.InvalidArgument, $"{several.Count} containers match, and one can be entered."),
        };
    }

    /// <summary>What the pipeline is the input of.</summary>
    private RunningCommand BeginFed(Container container)
    {
        RequireOneWish();
        if (!Attach)
            return Begin(container, ToRequest(Command));
        attached = container.Attach(Stopped);
        return new RunningCommand(attached, false, WriteObject, Errors.Write);
    }

    private void RequireOneWish()
    {
        if (Attach && (Command.Length > 0 || Environment.Count > 0 || User is not null || WorkingDirectory is not null))
            throw new ContainerException(ContainerError.InvalidArgument, "-Attach is about the process that runs already: it takes no command, user, environment or folder.");
    }

    private void Enter(Container container)
    {
        RequireOneWish();
        var keys = MyDocker.DetachKeys.Parse(DetachKeys);
        if (Attach)
        {
            WriteObject(AttachedContainer.Stay(this, container, container.Attach(Stopped), keys, Errors));
            return;
        }

        if (HostConsole.IsTerminal(Host))
        {
            using var session = container.Exec(ToRequest(Command) with { Terminal = ConsoleTerminal.Size }, WriteWarning, Stopped);
            Conclude(container, session.RunInTerminal(keys));
            return;
        }

        var isConsole = HostConsole.IsConsole(Host);
        using var running = Begin(container, ToRequest(Command) with { HasInput = isConsole });
        Conclude(container, isConsole ? running.FinishWithStandardInput() : running.Finish());
    }

    private void Conclude(Container container, int? exitCode)
    {
        // Left to itself, it has none.
        if (exitCode is not null)
            Conclude(exitCode);
        WriteObject(container.Inspect());
    }
}
