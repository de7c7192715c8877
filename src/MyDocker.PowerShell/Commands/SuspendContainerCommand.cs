using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Suspend-Container: freezes every process of containers; Resume-Container lets them go on.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class SuspendContainerCommand : ContainerTargetCmdlet
{
    private protected override bool WildcardMeansAlive => true;

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Suspend container"))
            WriteObject(container.Suspend(Stopped));
    }
}
