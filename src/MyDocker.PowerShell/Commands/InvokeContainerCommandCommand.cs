using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Invoke-ContainerCommand: executes a command inside running containers. Standard output comes out line by line while it is written,
/// standard error as a native command's does, $LASTEXITCODE is the exit code. Ctrl-C kills the command.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", DefaultParameterSetName = ByName, SupportsShouldProcess = true)]
[Alias("Exec-Container")]
[OutputType(typeof(string), typeof(byte[]), typeof(ContainerInfo))]
public sealed class InvokeContainerCommandCommand : ContainerCommandCmdlet
{
    private readonly List<Container> targets = [];
    private RunningCommand? fed;

    /// <summary>The command and its arguments, as given; put -- before it when an argument begins with a dash.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [AllowEmptyString]
    [ArgumentListTransformation]
    public string[] Command { get; set; } = [];

    /// <summary>Don't wait: the command goes on by itself, and what it says goes nowhere. Emits the container.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Emit standard output as it comes, in arrays of bytes, and not as lines of text.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ParameterSetName == ByObject)
            return;
        targets.AddRange(NamedTargets());
        if (!HasInput)
            return;
        Attempt(() =>
        {
            if (Detach || targets.Count > 1)
                throw new ContainerException(ContainerError.InvalidArgument, "What comes down the pipeline is read by one command in one container, and not with -Detach.");
            foreach (var container in targets.Where(container => ShouldExecute(container)))
                fed = Begin(container);
        });
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByObject)
            Attempt(() => Execute(PipedTarget()));
        else if (fed is not null)
            Attempt(() => fed.Feed(StandardInput.ToBytes(InputObject)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (fed is not null)
            Attempt(() => Finish(fed));
        else if (!HasInput)
            targets.ForEach(container => Attempt(() => Execute(container)));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            fed?.Dispose();
        base.Dispose(disposing);
    }

    private bool ShouldExecute(Container container) => ShouldProcess(container.Name, $"Execute {string.Join(' ', Command)}");

    private void Execute(Container container)
    {
        if (!ShouldExecute(container))
            return;
        using var running = Begin(container);
        if (Detach)
            WriteObject(container.Inspect());
        else
            Finish(running);
    }

    private RunningCommand Begin(Container container) => Begin(container, ToRequest(Command) with { Detach = Detach }, AsByteStream);

    private void Finish(RunningCommand running) => Conclude(running.Finish());
}
