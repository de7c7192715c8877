using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>A cmdlet that executes a command inside running containers, with the pipeline as its standard input.</summary>
public abstract class ContainerCommandCmdlet : ContainerCmdlet
{
    private protected ContainerCommandCmdlet() => Errors = new ErrorLineWriter(this);

    private protected const string ByName = "Name";
    private protected const string ById = "Id";
    private protected const string ByObject = "InputObject";

    /// <summary>Names; wildcards are allowed, and mean containers that run. A literal name that is not there is an error, a wildcard without a match is not.</summary>
    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Ids, or their first characters, at least four.</summary>
    [Parameter(ParameterSetName = ById, Mandatory = true)]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>
    /// Beside a name or an id, what the command reads: bytes as they are, anything else as a line of text. Without, the containers
    /// themselves, as Get-Container emits them.
    /// </summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ById, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = ByObject, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Environment variables beside the container's own, or in their place: a hashtable, or NAME=value.</summary>
    [Parameter]
    [Alias("Env")]
    [KeyValueTransformation]
    [ValidateNotNull]
    public IDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>user, uid, user:group or uid:gid, by the container's own /etc/passwd; by default the container's user.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The folder to start in; by default the container's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Takes standard error and the exit code.</summary>
    private protected ErrorLineWriter Errors { get; }

    /// <summary>Whether the pipeline is the command's standard input, and not the containers.</summary>
    private protected bool HasInput => ParameterSetName != ByObject && (MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)));

    /// <summary>The containers that -Name or -Id stand for.</summary>
    private protected List<Container> NamedTargets() => ContainerSelection.Find(Store, Name, Id, wildcardMeansAlive: true, WriteContainerError, Attempt);

    /// <summary>The container that came down the pipeline.</summary>
    private protected Container PipedTarget() => (InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject) is ContainerInfo info
        ? Store.FindById(info.Id)
        : throw new ContainerException(ContainerError.InvalidArgument, "Without -Name or -Id the pipeline has to bring containers, as Get-Container emits them.", InputObject?.ToString());

    /// <summary>Executes a command whose output comes down our pipeline.</summary>
    private protected RunningCommand Begin(Container container, ExecRequest request, bool isBinary = false) =>
        new(container.Exec(request, WriteWarning, Stopped), isBinary, item => WriteObject(item, false), Errors.Write);

    /// <summary>Leaves a command's exit code for the session.</summary>
    private protected void Conclude(int? exitCode) => Errors.Conclude(exitCode);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Errors.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What the parameters say.</summary>
    private protected ExecRequest ToRequest(IReadOnlyList<string> command) => new()
    {
        Command = command,
        Environment = new Dictionary<string, string>(Environment),
        User = User,
        WorkingDirectory = WorkingDirectory,
        HasInput = HasInput,
    };
}
