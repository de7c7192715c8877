using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>A cmdlet that acts on containers named by -Name, -Id or -InputObject.</summary>
public abstract class ContainerTargetCmdlet : ContainerCmdlet
{
    private const string ByName = "Name";
    private const string ById = "Id";
    private const string ByObject = "InputObject";

    /// <summary>Names; wildcards are allowed. A literal name that is not there is an error, a wildcard without a match is not.</summary>
    [Parameter(ParameterSetName = ByName, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Ids, or their first characters, at least four.</summary>
    [Parameter(ParameterSetName = ById, Mandatory = true)]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>Containers, as Get-Container emits them.</summary>
    [Parameter(ParameterSetName = ByObject, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerInfo[]? InputObject { get; set; }

    /// <summary>Whether a wildcard means only containers that have a live process, as the cmdlet could do nothing with the others.</summary>
    private protected virtual bool WildcardMeansAlive => false;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var container in Targets())
        {
            if (Stopping)
                return;
            Attempt(() => Act(container));
        }
    }

    /// <summary>Does the cmdlet's work on one container.</summary>
    protected abstract void Act(Container container);

    private List<Container> Targets()
    {
        var targets = new List<Container>();
        if (InputObject is not null)
        {
            foreach (var info in InputObject)
                Attempt(() => targets.Add(Store.FindById(info.Id)));
        }
        else
        {
            targets = ContainerSelection.Find(Store, Name, Id, WildcardMeansAlive, WriteContainerError, Attempt);
        }

        return targets;
    }

    /// <summary>The containers that a wildcard means.</summary>
    private protected IEnumerable<Container> FindAll(string wildcard, Action<ContainerException> onBroken) =>
        ContainerSelection.FindAll(Store, wildcard, WildcardMeansAlive, onBroken);
}
