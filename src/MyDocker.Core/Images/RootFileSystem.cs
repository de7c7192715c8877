namespace MyDocker;

/// <summary>What a container's root is made of.</summary>
/// <param name="LowerFolder">The read-only folder below the container's own layer.</param>
/// <param name="Mounts">What has to be put into it besides.</param>
internal sealed record RootFileSystem(string LowerFolder, IReadOnlyList<OciMount> Mounts)
{
    /// <summary>Prepares the root that a spec asks for.</summary>
    /// <param name="spec">With an image or a folder.</param>
    /// <param name="containerFolder">Where a container may keep files of its own.</param>
    /// <exception cref="ContainerException">ImageNotFound, or InvalidArgument for a folder that is none.</exception>
    public static RootFileSystem Prepare(ContainerSpec spec, string containerFolder)
    {
        if (spec.RootFileSystem is { } folder)
        {
            return Directory.Exists(folder)
                ? new RootFileSystem(folder, [])
                : throw ContainerException.Invalid($"The root file system '{folder}' is not a folder.", folder);
        }

        return spec.Image == ContainerSpec.HostImage
            ? HostImage.Prepare($"{containerFolder}/base")
            : throw new ContainerException(
                ContainerError.ImageNotFound,
                $"There is no image '{spec.Image}'. Use '{ContainerSpec.HostImage}', the machine's own programs, or -RootFileSystem with a folder.",
                spec.Image);
    }
}
