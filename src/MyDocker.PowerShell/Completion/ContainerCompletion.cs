using System.Management.Automation;

namespace MyDocker;

/// <summary>Which containers a cmdlet could act on.</summary>
internal static class ContainerCompletion
{
    /// <summary>Offers containers by one of their properties; nothing when the store can't be read.</summary>
    public static IEnumerable<CompletionResult> Complete(string commandName, string word, Func<ContainerInfo, string> text)
    {
        var pattern = WildcardPattern.Get(word.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        foreach (var info in ReadAll())
        {
            if (CanActOn(commandName, info.Status) && pattern.IsMatch(text(info)))
                yield return new CompletionResult(text(info), text(info), CompletionResultType.ParameterValue, $"{info.Name}: {info.Status}, {info.CommandLine}");
        }
    }

    private static bool CanActOn(string commandName, ContainerStatus status) => commandName switch
    {
        "Start-Container" => !status.IsAlive(),
        "Stop-Container" or "Wait-Container" or "Get-ContainerProcess" or "Measure-Container" => status.IsAlive(),
        "Suspend-Container" => status == ContainerStatus.Running,
        "Resume-Container" => status == ContainerStatus.Paused,
        "Invoke-ContainerCommand" or "Enter-Container" => status is ContainerStatus.Running or ContainerStatus.Stopping,
        _ => true,
    };

    private static List<ContainerInfo> ReadAll()
    {
        var infos = new List<ContainerInfo>();
        try
        {
            foreach (var container in ContainerStore.FromEnvironment().List(_ => { }))
                infos.Add(container.Inspect());
        }
        catch (ContainerException)
        {
            // Completion has no place for errors; the cmdlet itself will tell.
        }

        return infos;
    }
}
