using System.Management.Automation;
using Mono.Unix.Native;

namespace MyDocker.Commands;

/// <summary>Set-Container: changes what containers may use, and how they are stopped, whether they run or not.</summary>
[Cmdlet(VerbsCommon.Set, "Container", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerInfo))]
public sealed class SetContainerCommand : ContainerTargetCmdlet
{
    /// <summary>Bytes of memory: 256MB, '512m', '1.5GiB'. 0 or $null takes the limit away.</summary>
    [Parameter]
    [SizeTransformation]
    public long? Memory { get; set; }

    /// <summary>Processors, in fractions: 0.5 is half of one. 0 or $null takes the limit away.</summary>
    [Parameter]
    public double? Cpus { get; set; }

    /// <summary>Weight among containers that compete for processors. 0 or $null is the usual one, 1024.</summary>
    [Parameter]
    public long? CpuShares { get; set; }

    /// <summary>Which processors: 0-2,7. An empty string or $null is all of them.</summary>
    [Parameter]
    [AllowEmptyString]
    [AllowNull]
    public string? CpuSet { get; set; }

    /// <summary>How many processes and threads. 0 or $null takes the limit away.</summary>
    [Parameter]
    public long? PidsLimit { get; set; }

    /// <summary>What Stop-Container sends first.</summary>
    [Parameter]
    public Signum? StopSignal { get; set; }

    /// <summary>Seconds between that signal and SIGKILL: 0 is at once, -1 for ever.</summary>
    [Parameter]
    [Alias("StopTimeout")]
    [ValidateRange(-1, int.MaxValue)]
    public int? StopTimeoutSeconds { get; set; }

    /// <inheritdoc/>
    protected override void Act(Container container)
    {
        if (ShouldProcess(container.Name, "Set container"))
            WriteObject(container.Change(Change, Stopped));
    }

    private ContainerSpec Change(ContainerSpec spec) => spec with
    {
        Limits = new ContainerLimits
        {
            Memory = IsGiven(nameof(Memory)) ? NullIfZero(Memory) : spec.Limits.Memory,
            Cpus = !IsGiven(nameof(Cpus)) ? spec.Limits.Cpus : Cpus == 0 ? null : Cpus,
            CpuShares = IsGiven(nameof(CpuShares)) ? NullIfZero(CpuShares) : spec.Limits.CpuShares,
            CpuSet = !IsGiven(nameof(CpuSet)) ? spec.Limits.CpuSet : string.IsNullOrEmpty(CpuSet) ? null : CpuSet,
            PidsLimit = IsGiven(nameof(PidsLimit)) ? NullIfZero(PidsLimit) : spec.Limits.PidsLimit,
        },
        StopSignal = StopSignal ?? spec.StopSignal,
        StopTimeoutSeconds = StopTimeoutSeconds ?? spec.StopTimeoutSeconds,
    };

    /// <summary>Whether a parameter was written at all: $null is a value as well.</summary>
    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private static long? NullIfZero(long? limit) => limit == 0 ? null : limit;
}
