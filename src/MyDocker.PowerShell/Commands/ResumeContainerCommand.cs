using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Resume-Container: lets suspended containers go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class ResumeContainerCommand : ContainerTargetCmdlet
{
    private protected override bool WildcardMeansAlive => true;

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Resume container"))
            WriteObject(container.Resume(Stopped));
    }
}
