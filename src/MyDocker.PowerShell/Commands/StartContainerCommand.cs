using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Start-Container: starts containers, and returns each when its command has been executed.</summary>
[Cmdlet(VerbsLifecycle.Start, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class StartContainerCommand : ContainerTargetCmdlet
{
    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Start container"))
            WriteObject(container.Start(WriteWarning, Stopped));
    }
}
