using System.Management.Automation;
using Mono.Unix.Native;

namespace MyDocker.Commands;

/// <summary>Restart-Container: stops containers together, then starts each as it has ended.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class RestartContainerCommand : ContainerTargetCmdlet
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

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        stopper = new ContainerStopper(new StopOptions(TimeoutSeconds, Signal, Force), WriteVerbose, Stopped);

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Restart container"))
            stopper!.Begin(container);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        foreach (var info in stopper!.WaitForAll((_, failure) => WriteContainerError(failure)))
            Attempt(() => WriteObject(Store.FindById(info.Id).Start(WriteWarning, Stopped)));
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stopper?.Dispose();
        base.Dispose(disposing);
    }
}
