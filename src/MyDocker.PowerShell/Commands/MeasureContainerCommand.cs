using System.Diagnostics;
using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Measure-Container: what containers use, once or again and again.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Container", DefaultParameterSetName = "Name")]
[OutputType(typeof(ContainerStatistics))]
public sealed class MeasureContainerCommand : ContainerTargetCmdlet
{
    private const double SecondsOnce = 0.2;
    private const double SecondsContinuous = 1;

    private readonly List<ContainerMeter> meters = [];

    /// <summary>Go on until none of the containers runs any more, or until Ctrl-C.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>Seconds between two readings: 1 with -Continuous, else 0.2.</summary>
    [Parameter]
    [Alias("Interval")]
    [ValidateRange(0.05, 86400.0)]
    public double? IntervalSeconds { get; set; }

    private protected override bool WildcardMeansAlive => true;

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (meters.TrueForAll(meter => meter.Id != container.Id))
            meters.Add(ContainerMeter.Start(container));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var interval = TimeSpan.FromSeconds(IntervalSeconds ?? (Continuous ? SecondsContinuous : SecondsOnce));
        var clock = Stopwatch.StartNew();
        for (var round = 1; meters.Count > 0; round++)
        {
            // From the beginning on, so that the time that the readings take does not add up.
            var pause = (interval * round) - clock.Elapsed;
            if (Stopped.WaitHandle.WaitOne(pause > TimeSpan.Zero ? pause : TimeSpan.Zero))
                return;
            foreach (var meter in meters.ToArray())
                Attempt(() => Emit(meter));
            if (!Continuous)
                return;
            AddNewOnes();
        }
    }

    private void Emit(ContainerMeter meter)
    {
        if (meter.Next() is { } statistics)
            WriteObject(statistics);
        else
            meters.Remove(meter);
    }

    /// <summary>What a wildcard means may have been started meanwhile. Of one that is broken there has been an error already.</summary>
    private void AddNewOnes()
    {
        foreach (var wildcard in (Name ?? []).Where(WildcardPattern.ContainsWildcardCharacters))
        {
            Attempt(() =>
            {
                foreach (var container in FindAll(wildcard, _ => { }))
                    Attempt(() => Act(container));
            });
        }
    }
}
