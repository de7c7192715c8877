using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Restart-Container: stops containers together, then starts each as it has ended.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class RestartContainerCommand : ContainerStopCmdlet
{
    private protected override string Action => "Restart container";

    private protected override void Conclude(ContainerInfo ended) => WriteObject(Store.FindById(ended.Id).Start(WriteWarning, Stopped));
}
