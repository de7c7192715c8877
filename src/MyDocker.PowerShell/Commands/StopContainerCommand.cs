using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Stop-Container: stops containers, all together, and emits each as it ends.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class StopContainerCommand : ContainerStopCmdlet
{
    private protected override string Action => "Stop container";

    private protected override void Conclude(ContainerInfo ended) => WriteObject(ended);
}
