using MyDocker.Logs;

namespace MyDocker;

/// <summary>Reading what containers have written.</summary>
public sealed partial class Container
{
    /// <summary>
    /// Reads the lines of containers, merged by time. With <see cref="LogSelection.Follow"/> goes on with what they write, as it comes,
    /// until all have ended.
    /// </summary>
    /// <param name="containers">Which containers.</param>
    /// <param name="selection">Which lines.</param>
    /// <param name="warn">Told where lines were lost, because a container writes faster than its lines are taken.</param>
    /// <param name="onFailure">Told of a container whose log can't be read; the others are.</param>
    /// <param name="cancellation">Ends it at once.</param>
    public static IEnumerable<ContainerLogLine> ReadLogs(
        IReadOnlyList<Container> containers,
        LogSelection selection,
        Action<string> warn,
        Action<ContainerException> onFailure,
        CancellationToken cancellation)
    {
        using var merger = new LogMerger(onFailure);
        var width = containers.Count > 1 ? containers.Max(container => container.Name.Length) : 0;
        foreach (var container in containers)
        {
            var heading = containers.Count > 1 ? $"{container.Name.PadRight(width)}  | " : "";
            merger.Add(() => new LogReader(container, selection, warn) { Heading = heading });
        }

        using var follower = selection.Follow ? new LogFollower(merger, selection.Until, onFailure, cancellation) : null;
        merger.Begin();
        while (true)
        {
            while (merger.Next() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return line;
                follower?.LookIfDue();
            }

            if (follower is null || merger.Readers.Count == 0)
                yield break;
            follower.Wait();
        }
    }
}
