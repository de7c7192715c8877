using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>From what a user wrote to the containers it stands for.</summary>
internal static class ContainerSelection
{
    /// <summary>Finds containers by names or by ids; what is not there is one item's failure.</summary>
    /// <param name="store">Where.</param>
    /// <param name="names">Names and wildcards; may be null.</param>
    /// <param name="ids">Ids, or their beginnings; may be null.</param>
    /// <param name="onBroken">Told of containers whose files can't be read, when all are looked through.</param>
    /// <param name="attempt">Does something whose failure is one item's.</param>
    public static List<Container> Find(
        ContainerStore store, IEnumerable<string>? names, IEnumerable<string>? ids, Action<ContainerException> onBroken, Func<Action, bool> attempt)
    {
        var found = new List<Container>();
        foreach (var prefix in ids ?? [])
            attempt(() => found.Add(store.FindById(prefix)));
        foreach (var name in names ?? [])
            attempt(() => found.AddRange(ByName(store, name, onBroken)));
        return found;
    }

    private static IEnumerable<Container> ByName(ContainerStore store, string name, Action<ContainerException> onBroken)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return [store.Find(name)];
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        return store.List(onBroken).Where(container => pattern.IsMatch(container.Name));
    }
}
