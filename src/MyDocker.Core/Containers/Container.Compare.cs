using System.Text.Json;

namespace MyDocker;

/// <summary>Telling what a container has changed in its file system.</summary>
public sealed partial class Container
{
    /// <summary>
    /// What is different from the root that the container was made of, in the order of paths, each as it is found. The container may
    /// run meanwhile. Volumes and temporary file systems are no part of it, nor are the places they are mounted on.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ContainerException">AccessDenied, ContainerStateInvalid.</exception>
    public IEnumerable<ContainerChange> Compare(CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Comparing a container");
        var bundle = JsonFile.TryRead($"{Folder}/{BundleFile}", bytes => JsonSerializer.Deserialize(bytes.Span, OciJson.Default.OciSpec))
            ?? throw ContainerException.NotFound(Name);
        using var comparison = new LayerComparison(Name, OverlayLayers.Of(bundle), PathsMadeByRuntime(bundle));
        foreach (var change in comparison.Changes(cancellation))
            yield return change;
    }

    /// <summary>Places to mount on and the working directory, which a start makes where they are missing, and the folders above them.</summary>
    private static HashSet<string> PathsMadeByRuntime(OciSpec bundle)
    {
        var paths = new HashSet<string>();
        foreach (var made in bundle.Mounts.Select(mount => mount.Destination).Append(bundle.Process.Cwd))
        {
            for (var path = made.TrimEnd('/'); path.Length > 1; path = path[..path.LastIndexOf('/')])
                paths.Add(path);
        }

        return paths;
    }
}
