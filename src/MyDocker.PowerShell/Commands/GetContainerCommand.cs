using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>Get-Container: the containers there are, each as it is now.</summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = ByName)]
[OutputType(typeof(ContainerInfo))]
public sealed class GetContainerCommand : ContainerCmdlet
{
    private const string ByName = "Name";
    private const string ById = "Id";

    /// <summary>Names; wildcards are allowed. None is all of them.</summary>
    [Parameter(ParameterSetName = ByName, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
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

    /// <summary>Only containers of one of these statuses.</summary>
    [Parameter]
    [Alias("State")]
    public ContainerStatus[]? Status { get; set; }

    /// <summary>Only containers that have all of these labels: a name, or name=value.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Label { get; set; }

    /// <summary>Only containers of one of these images or root folders; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Image { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Id is not null)
        {
            foreach (var prefix in Id)
                Attempt(() => Emit(Store.FindById(prefix)));
        }
        else if (Name is null)
        {
            Attempt(() => EmitAll(_ => true));
        }
        else
        {
            foreach (var name in Name)
                Attempt(() => EmitNamed(name));
        }
    }

    private void EmitNamed(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
            EmitAll(WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch);
        else
            Emit(Store.Find(name));
    }

    private void EmitAll(Func<string, bool> isWanted)
    {
        foreach (var container in Store.List(WriteContainerError))
        {
            if (Stopping)
                return;
            if (isWanted(container.Name))
                Attempt(() => EmitUnlessRemoved(container));
        }
    }

    /// <summary>A container that goes while all are listed is none of those there are.</summary>
    private void EmitUnlessRemoved(Container container)
    {
        try
        {
            Emit(container);
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.ContainerNotFound)
        {
            // Removed since the list was read.
        }
    }

    private void Emit(Container container)
    {
        var info = container.Inspect();
        if (Passes(info))
            WriteObject(info);
    }

    private bool Passes(ContainerInfo info) =>
        (Status is null || Status.Contains(info.Status))
        && (Image is null || Image.Any(image => WildcardPattern.Get(image, WildcardOptions.IgnoreCase).IsMatch(info.Image)))
        && (Label ?? []).All(label => HasLabel(info, label));

    private static bool HasLabel(ContainerInfo info, string label) => label.Split('=', 2) switch
    {
        [var name, var value] => info.Labels.TryGetValue(name, out var found) && found == value,
        _ => info.Labels.ContainsKey(label),
    };
}
