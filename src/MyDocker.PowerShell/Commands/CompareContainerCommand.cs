using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Compare-Container: what containers have changed in their file systems.</summary>
[Cmdlet(VerbsData.Compare, "Container", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerChange))]
public sealed class CompareContainerCommand : ContainerTargetCmdlet
{
    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        foreach (var change in container.Compare(Stopped))
            WriteObject(change);
    }
}
