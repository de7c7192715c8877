using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>New-Container: makes a container, and starts nothing.</summary>
[Cmdlet(VerbsCommon.New, "Container", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class NewContainerCommand : ContainerSpecCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        var spec = ToSpec();
        if (ShouldProcess(Name ?? "(a generated name)", "Create container"))
            WriteObject(Store.Create(Name, spec).Inspect());
    });
}
