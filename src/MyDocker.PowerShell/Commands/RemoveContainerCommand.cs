using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Remove-Container: deletes containers with all they have written.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
public sealed class RemoveContainerCommand : ContainerTargetCmdlet
{
    /// <summary>Kill those that are running first, and remove even those whose state files are broken.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Remove container"))
            container.Remove(Force, Stopped);
    }
}
