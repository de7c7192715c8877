using System.Management.Automation;
using Mono.Unix.Native;

namespace MyDocker.Commands;

/// <summary>
/// A cmdlet that stops containers: signals every container of the pipeline first, then waits for all together. Ctrl-C ends the
/// waiting and escalates nothing; calling again resumes.
/// </summary>
public abstract class ContainerStopCmdlet : ContainerTargetCmdlet
{
    private ContainerStopper? stopper;

    /// <summary>Seconds between the signal and SIGKILL: 0 is at once, -1 for ever; by default what the container says, then 10.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(-1, int.MaxValue)]
    public int? TimeoutSeconds { get; set; }

    /// <summary>What to send first; by default what the container says, then SIGTERM.</summary>
    [Parameter]
    public Signum? Signal { get; set; }

    /// <summary>Kill at once (SIGKILL).</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What the cmdlet does, for -WhatIf and -Confirm.</summary>
    private protected abstract string Action { get; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        stopper = new ContainerStopper(new StopOptions(TimeoutSeconds, Signal, Force), WriteVerbose, Stopped);

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, Action))
            stopper!.Begin(container);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        foreach (var info in stopper!.WaitForAll((_, failure) => WriteContainerError(failure)))
            Attempt(() => Conclude(info));
    });

    /// <summary>What is done with a container that has ended.</summary>
    private protected abstract void Conclude(ContainerInfo ended);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stopper?.Dispose();
        base.Dispose(disposing);
    }
}
