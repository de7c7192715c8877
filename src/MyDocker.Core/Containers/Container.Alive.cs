namespace MyDocker;

/// <summary>Refusing what needs a live process.</summary>
public sealed partial class Container
{
    /// <summary>Whether the container has a live process, as far as can be told: one whose files are broken may have.</summary>
    public bool MayBeAlive
    {
        get
        {
            try
            {
                return Observe().Status.IsAlive();
            }
            catch (ContainerException exception)
            {
                return exception.Error != ContainerError.ContainerNotFound;
            }
        }
    }

    /// <summary>Derives the status of a container that has a live process.</summary>
    /// <exception cref="ContainerException">ContainerNotRunning when it has none.</exception>
    internal Observation RequireAlive() => Observe() is { State: not null } seen && seen.Status.IsAlive()
        ? seen
        : throw new ContainerException(
            ContainerError.ContainerNotRunning, $"Container '{Name}' is not running: start it first (Start-Container {Name}).", Name);
}
