using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Get-ContainerLog: the lines that containers have written, merged by time.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerLogLine))]
public sealed class GetContainerLogCommand : ContainerTargetCmdlet
{
    private readonly List<Container> containers = [];

    /// <summary>Only so many lines, the last ones of each container; -1, the default, is all.</summary>
    [Parameter]
    [ValidateRange(-1, int.MaxValue)]
    public int Tail { get; set; } = -1;

    /// <summary>Only lines from this time on: a time, or how long ago (a TimeSpan, or '10m', '1h30m').</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Only lines up to this time; with -Follow, it is over then.</summary>
    [Parameter]
    [TimeTransformation]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Go on with what the containers write, until they end.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Print lines with their time in front.</summary>
    [Parameter]
    public SwitchParameter Timestamps { get; set; }

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (!containers.Exists(other => other.Id == container.Id))
            containers.Add(container);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        var selection = new LogSelection
        {
            Tail = Tail < 0 ? null : Tail,
            Since = Since,
            Until = Until,
            Follow = Follow,
            Timestamps = Timestamps,
        };
        foreach (var line in Container.ReadLogs(containers, selection, WriteWarning, WriteContainerError, Stopped))
            WriteObject(line);
    });
}
