using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Wait-Container: emits each container when it has ended, with its exit code. Those still running at the time-out are not emitted.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Container", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerInfo))]
public sealed class WaitContainerCommand : ContainerTargetCmdlet
{
    private readonly List<Container> containers = [];

    /// <summary>How many seconds to wait in all: -1, the default, is for ever.</summary>
    [Parameter]
    [Alias("Timeout")]
    [ValidateRange(-1, int.MaxValue)]
    public int TimeoutSeconds { get; set; } = -1;

    /// <summary>Return as soon as one has ended.</summary>
    [Parameter]
    public SwitchParameter Any { get; set; }

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        container.RequireStarted();
        containers.Add(container);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        TimeSpan? timeout = TimeoutSeconds < 0 ? null : TimeSpan.FromSeconds(TimeoutSeconds);
        foreach (var info in Container.WaitForEnd(containers, timeout, WriteContainerError, Stopped))
        {
            WriteObject(info);
            if (Any)
                return;
        }
    });
}
