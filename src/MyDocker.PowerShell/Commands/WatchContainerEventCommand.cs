using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Watch-ContainerEvent: tells what happens to containers from now on, or gives an object that does so in the background.</summary>
[Cmdlet(VerbsCommon.Watch, "ContainerEvent", DefaultParameterSetName = Streaming)]
[OutputType(typeof(ContainerEvent), typeof(ContainerEventSource))]
public sealed class WatchContainerEventCommand : ContainerCmdlet
{
    private const string Streaming = "Stream";
    private const string Watcher = "Watcher";

    /// <summary>Only events of containers with one of these names, old or new; wildcards are allowed. None is all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only events of these kinds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public ContainerEventKind[]? Kind { get; set; }

    /// <summary>End after so many events.</summary>
    [Parameter(ParameterSetName = Streaming)]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>End after so many seconds: -1, the default, is never.</summary>
    [Parameter(ParameterSetName = Streaming)]
    [Alias("Timeout")]
    [ValidateRange(-1, int.MaxValue)]
    public int TimeoutSeconds { get; set; } = -1;

    /// <summary>Emit an object that watches in the background and raises ContainerEvent, for Register-ObjectEvent; Dispose ends it.</summary>
    [Parameter(ParameterSetName = Watcher, Mandatory = true)]
    public SwitchParameter AsWatcher { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        var names = Name?.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        bool IsWanted(ContainerEvent happened) =>
            (Kind is null || Kind.Contains(happened.Kind))
            && (names is null || names.Any(name => name.IsMatch(happened.Name) || (happened.OldName is { } old && name.IsMatch(old))));
        if (AsWatcher)
            WriteObject(new ContainerEventSource(Store, IsWanted));
        else
            Stream(IsWanted);
    });

    /// <summary>Events are taken in while others are still on their way through the pipeline: a slow one further down misses nothing.</summary>
    private void Stream(Func<ContainerEvent, bool> isWanted)
    {
        using var events = new BlockingCollection<ContainerEvent>();
        using var source = new ContainerEventSource(Store, isWanted);
        source.ContainerEvent += (_, arguments) => events.Add(arguments.Event);
        TimeSpan? timeout = TimeoutSeconds < 0 ? null : TimeSpan.FromSeconds(TimeoutSeconds);
        var clock = Stopwatch.StartNew();
        for (var told = 0; Count is null || told < Count; told++)
        {
            var left = timeout - clock.Elapsed;
            var milliseconds = left is { } time ? (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue) : Timeout.Infinite;
            if (!events.TryTake(out var happened, milliseconds, Stopped))
                return;
            WriteObject(happened);
        }
    }
}
