using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>From what a user wrote to the containers it stands for.</summary>
internal static class ContainerSelection
{
    /// <summary>Finds containers by names or by ids; what is not there is one item's failure.</summary>
    /// <param name="store">Where.</param>
    /// <param name="names">Names and wildcards; may be null.</param>
    /// <param name="ids">Ids, or their beginnings; may be null.</param>
    /// <param name="wildcardMeansAlive">Whether a wildcard means only containers that have a live process.</param>
    /// <param name="onBroken">Told of containers whose files can't be read, when all are looked through.</param>
    /// <param name="attempt">Does something whose failure is one item's.</param>
    public static List<Container> Find(
        ContainerStore store,
        IEnumerable<string>? names,
        IEnumerable<string>? ids,
        bool wildcardMeansAlive,
        Action<ContainerException> onBroken,
        Func<Action, bool> attempt)
    {
        var found = new List<Container>();
        foreach (var prefix in ids ?? [])
            attempt(() => found.Add(store.FindById(prefix)));
        foreach (var name in names ?? [])
            attempt(() => found.AddRange(WildcardPattern.ContainsWildcardCharacters(name) ? FindAll(store, name, wildcardMeansAlive, onBroken) : [store.Find(name)]));
        return found;
    }

    /// <summary>The containers that a wildcard means.</summary>
    public static IEnumerable<Container> FindAll(ContainerStore store, string wildcard, bool wildcardMeansAlive, Action<ContainerException> onBroken)
    {
        var pattern = WildcardPattern.Get(wildcard, WildcardOptions.IgnoreCase);
        return store.List(onBroken).Where(container => pattern.IsMatch(container.Name) && (!wildcardMeansAlive || container.MayBeAlive));
    }
}
