using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Get-ContainerProcess: the processes of containers, with their numbers on the host and inside.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerProcess))]
public sealed class GetContainerProcessCommand : ContainerTargetCmdlet
{
    private protected override bool WildcardMeansAlive => true;

    /// <inheritdoc/>
    protected override void Act(Container container) => WriteObject(container.Processes(), enumerateCollection: true);
}
