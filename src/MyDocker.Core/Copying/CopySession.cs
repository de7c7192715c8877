using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// One command's copies: the roots of all containers that take part, opened once, and always in the same order so that two commands
/// never wait for each other's. A container that does not run can't be started while this lives.
/// </summary>
public sealed class CopySession : IDisposable
{
    private readonly ItemRoot host = ItemRoot.OpenHost();
    private readonly Dictionary<string, ContainerRoot> roots = [];
    private readonly Dictionary<string, ContainerException> failures = [];
    private readonly ICopyObserver observer;
    private readonly CancellationToken cancellation;

    /// <summary>Opens the roots; what goes wrong with one is told when it is copied from or to.</summary>
    /// <param name="containers">Every container that will be.</param>
    /// <param name="observer">Told of items that could not be copied.</param>
    /// <param name="cancellation">Ends everything at once.</param>
    /// <exception cref="ContainerException">AccessDenied.</exception>
    public CopySession(IEnumerable<Container> containers, ICopyObserver observer, CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Copying into or out of a container");
        this.observer = observer;
        this.cancellation = cancellation;
        try
        {
            foreach (var container in containers.DistinctBy(container => container.Id).OrderBy(container => container.Id, StringComparer.Ordinal))
                Open(container);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Copies one item with all below it.</summary>
    /// <param name="source">What.</param>
    /// <param name="destination">Where to, by docker's rules.</param>
    /// <param name="isOneOfMany">Whether others go to the same destination, which then has to be a folder.</param>
    /// <returns>What was copied; failures below the item itself have been told.</returns>
    /// <exception cref="ContainerException">ContainerItemNotFound, CopyFailed, InvalidArgument, or what opening the container's root came to.</exception>
    public CopyResult Copy(ItemLocation source, ItemLocation destination, bool isOneOfMany)
    {
        try
        {
            return CopyItem(source, destination, isOneOfMany);
        }
        catch (IOException exception)
        {
            throw new ContainerException(
                ContainerError.CopyFailed, $"'{source}' could not be copied to '{destination}': {exception.Message}", source.ToString(), exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        host.Dispose();
        foreach (var root in roots.Values)
            root.Dispose();
    }

    private CopyResult CopyItem(ItemLocation source, ItemLocation destination, bool isOneOfMany)
    {
        var (from, to) = (RootOf(source), RootOf(destination));
        using var item = OpenSource(from, source);
        var status = Files.Status(item);
        using var target = CopyDestination.Find(to, destination, source, status.IsFolder, isOneOfMany);
        var meter = new CopyMeter(observer, cancellation) { TotalLength = status.IsRegular ? status.Size : null };
        using (var copier = new TreeCopier((from, source.Shown), (to, target.Shown), target.Folder, observer, meter))
        {
            if (target.Name is null)
                copier.CopyContent(item);
            else
                copier.Copy(item, target.Name);
        }

        from.RequireWhole();
        to.RequireWhole();
        return new CopyResult(source.ToString(), destination.ToString(), meter.Items, meter.Length);
    }

    private void Open(Container container)
    {
        try
        {
            roots[container.Id] = ContainerRoot.Open(container, cancellation);
        }
        catch (ContainerException exception)
        {
            failures[container.Id] = exception;
        }
    }

    private ItemRoot RootOf(ItemLocation location) =>
        location.Container is not { } container ? host : roots.TryGetValue(container.Id, out var root) ? root : throw failures[container.Id];

    private static FileDescriptor OpenSource(ItemRoot root, ItemLocation source)
    {
        var flags = Files.O_PATH | (source.IsFolder ? Files.O_DIRECTORY : Files.O_NOFOLLOW);
        if (Files.TryOpenInRoot(root.Folder, source.Path, flags) is { } item)
            return item;
        var failure = SyscallException.FromLastError("openat2", source.Path);
        throw failure.Errno is Errno.ENOENT or Errno.ENOTDIR
            ? new ContainerException(ContainerError.ContainerItemNotFound, Missing(source), source.ToString(), failure)
            : new ContainerException(ContainerError.CopyFailed, $"'{source}' can't be opened: {failure.Message}", source.ToString(), failure);
    }

    private static string Missing(ItemLocation source) => source.Container is not null && source.Path.AsSpan().ContainsAny('*', '?')
        ? $"There is no '{source}': wildcards work in paths of the host, not in a container's."
        : $"There is no '{source}'.";
}
