using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// A container's folder, held open while its run is followed: so the exit record is found even when the container has removed itself
/// by the time it ends.
/// </summary>
internal sealed class RunFolder(Container container) : IDisposable
{
    /// <summary>The open folder.</summary>
    public FileDescriptor Descriptor { get; } = Files.TryOpen(container.Folder, Files.O_PATH | Files.O_DIRECTORY) ?? throw ContainerException.NotFound(container.Name);

    /// <summary>How the run ended; to be asked when it has.</summary>
    public ContainerInfo Conclude()
    {
        var state = JsonFile.TryRead<RunState>($"{Descriptor.ProcPath}/{Container.StateFile}");
        var exit = JsonFile.TryRead<ExitRecord>($"{Descriptor.ProcPath}/{Container.ExitFile}");
        // Another who waited for it has removed the record of a container that removed itself.
        if (state is null)
            return container.Describe(new Observation(ContainerStatus.Exited, null, null));
        if (exit is null || exit.Run != state.Run)
            return container.Describe(container.Settle());
        return container.Describe(new Observation(exit.Status, state, exit));
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
