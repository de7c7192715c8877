using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Start-Container: starts containers, and returns each when its command has been executed. With -Attach it stays: the terminal, or the
/// lines of the output, are the container's, until it ends.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo), typeof(string))]
public sealed class StartContainerCommand : ContainerTargetCmdlet
{
    private readonly ErrorLineWriter errors;

    /// <summary>Made by PowerShell.</summary>
    public StartContainerCommand() => errors = new ErrorLineWriter(this);

    /// <summary>
    /// Stay with the container's main process until it ends. One made with -Terminal gets the terminal you sit at; of others the output
    /// comes out line by line. Ctrl-C, or the detach keys on a terminal, end the staying, and the container goes on.
    /// </summary>
    [Parameter]
    public SwitchParameter Attach { get; set; }

    /// <summary>Keys that leave a terminal and let the container go on; ctrl-p,ctrl-q by default, none when empty.</summary>
    [Parameter]
    [ValidateNotNull]
    public string DetachKeys { get; set; } = MyDocker.DetachKeys.Default;

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        var keys = MyDocker.DetachKeys.Parse(DetachKeys);
        if (!ShouldProcess(container.Name, "Start container"))
            return;
        if (!Attach)
            WriteObject(container.Start(WriteWarning, Stopped));
        else if (container.CanBeAttached)
            WriteObject(AttachedContainer.Stay(this, container, container.StartAttached(WriteWarning, Stopped), keys, errors));
        else
            RunInForeground(container);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            errors.Dispose();
        base.Dispose(disposing);
    }

    private void RunInForeground(Container container)
    {
        using var run = ForegroundRun.Start(container, false, WriteWarning, Stopped);
        using var running = new RunningCommand(run, false, WriteObject, errors.Write);
        errors.Conclude(running.Watch());
        WriteObject(run.Ended);
    }
}
