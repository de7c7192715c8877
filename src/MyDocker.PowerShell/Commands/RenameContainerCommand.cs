using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Rename-Container: gives a container another name, whether it runs or not.</summary>
[Cmdlet(VerbsCommon.Rename, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class RenameContainerCommand : ContainerTargetCmdlet
{
    /// <summary>The new name: 1 to 63 letters, digits, '_', '.' and '-', beginning with a letter or digit.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, $"Rename container to {NewName}"))
            WriteObject(container.Rename(NewName));
    }
}
