using MyDocker.Interop;

namespace MyDocker;

/// <summary>The root below which one side of a copy lies, held by descriptor: the host's here, a container's in <see cref="ContainerRoot"/>.</summary>
internal class ItemRoot(FileDescriptor folder) : IDisposable
{
    /// <summary>Every path is resolved below it, as if there were nothing outside.</summary>
    public FileDescriptor Folder => folder;

    /// <summary>Opens the host's own root.</summary>
    public static ItemRoot OpenHost() => new(Files.Open("/", Files.O_PATH | Files.O_DIRECTORY));

    /// <summary>Refuses to go on with a root whose mounts are coming apart.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning when the container has ended meanwhile.</exception>
    public virtual void RequireWhole()
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            folder.Dispose();
    }
}
