using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Copy-ContainerItem: copies files and folders between the host and containers, running or not, with owners, modes, times, links,
/// holes, devices and extended attributes. The copying begins when the pipeline has named everything.
/// </summary>
[Cmdlet(VerbsCommon.Copy, "ContainerItem", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(CopyResult))]
public sealed class CopyContainerItemCommand : ContainerCmdlet, ICopyObserver
{
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    private readonly List<ItemLocation> sources = [];
    private ItemLocation? target;
    private ProgressRecord? progress;

    /// <summary>What to copy: name:/path in a container, or a path of the host, in which wildcards are allowed.</summary>
    [Parameter(ParameterSetName = ByPath, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ItemPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>The same, taken as it is written.</summary>
    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [ArgumentCompleter(typeof(ItemPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Where to: name:/path in a container, or a path of the host. A folder that is there is copied into.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(ItemPathCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Emit what has been copied.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    void ICopyObserver.Failed(ContainerException failure) => WriteContainerError(failure);

    void ICopyObserver.Warn(string warning) => WriteWarning(warning);

    void ICopyObserver.Progressed(CopyProgress copied)
    {
        progress!.StatusDescription = $"{copied.Items:N0} items, {copied.Length / (1024.0 * 1024):N1} MB";
        progress.PercentComplete = copied.TotalLength is > 0 and var total ? (int)Math.Min(100, copied.Length * 100 / total) : -1;
        WriteProgress(progress);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Attempt(() => target = new ItemLocator(Store, SessionState).Locate(Destination!));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A destination that is not there was reported, and there is nothing to be done with any source.
        if (target is null)
            return;
        foreach (var path in Path ?? LiteralPath ?? [])
            Attempt(() => Add(path));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (sources.Count > 0)
            Attempt(CopyAll);
    }

    private void Add(string path)
    {
        var locator = new ItemLocator(Store, SessionState);
        foreach (var source in Path is null ? [locator.Locate(path)] : locator.Expand(path))
        {
            if (source.Container is null && target!.Container is null)
                throw NoContainer(path);
            if (ShouldProcess($"{source} to {target}", "Copy"))
                sources.Add(source);
        }
    }

    private ContainerException NoContainer(string path) => new(
        ContainerError.InvalidArgument, $"Neither '{path}' nor '{Destination}' is in a container: write name:/path. On the host, Copy-Item copies.", path);

    private void CopyAll()
    {
        var results = new List<CopyResult>();
        var containers = sources.Append(target!).Select(location => location.Container).OfType<Container>();
        using (var session = new CopySession(containers, this, Stopped))
        {
            foreach (var source in sources)
            {
                progress = new ProgressRecord(0, $"Copying {source} to {target}", "0 items");
                Attempt(() => results.Add(session.Copy(source, target!, sources.Count > 1)));
                progress.RecordType = ProgressRecordType.Completed;
                WriteProgress(progress);
            }
        }

        // Only now, as whoever gets them may want to start a container that could not be started so far.
        if (PassThru)
            WriteObject(results, enumerateCollection: true);
    }
}
