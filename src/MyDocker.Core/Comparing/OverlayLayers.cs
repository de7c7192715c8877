using System.Text;

namespace MyDocker;

/// <summary>The folders that an overlay lays on top of each other; see mount(8), "Mount options for overlay".</summary>
/// <param name="Upper">The container's own, with all it has changed.</param>
/// <param name="Lower">Those below, the highest first.</param>
internal sealed record OverlayLayers(string Upper, IReadOnlyList<string> Lower)
{
    /// <summary>Finds them in a bundle.</summary>
    /// <exception cref="ContainerException">ContainerStateInvalid when it has no overlay.</exception>
    public static OverlayLayers Of(OciSpec bundle)
    {
        var options = bundle.Mounts.FirstOrDefault(mount => mount is { Destination: "/", Type: "overlay" })?.Options ?? [];
        string Value(string name) => options.FirstOrDefault(option => option.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..]
            ?? throw new ContainerException(ContainerError.ContainerStateInvalid, $"The bundle's config.json has no overlay with a '{name}' on '/'.");
        return new OverlayLayers(Split(Value("upperdir"))[0], Split(Value("lowerdir")));
    }

    /// <summary>Takes paths apart at their colons; see <see cref="Bundle.EscapeOverlayPath"/>.</summary>
    internal static List<string> Split(string value)
    {
        List<string> paths = [];
        var path = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == ':')
            {
                paths.Add(path.ToString());
                path.Clear();
                continue;
            }

            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            path.Append(value[i]);
        }

        return [.. paths, path.ToString()];
    }
}
