using System.Text;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// Has the helper mount the root of a container that does not run, in a mount namespace of its own, and send it here as a descriptor:
/// <code>
/// Copy-ContainerItem      mydocker-root
///   lock
///      ── posix_spawn ──►  unshare(2); overlay, volumes
///      ◄── the root ─────  (unix(7), SCM_RIGHTS)
///   copy                   waits for the end of the channel
///      ── close ────────►  ends, and its mounts with it
///   unlock
/// </code>
/// The helper shares the lock: if this process is killed, nobody starts the container before those mounts are gone.
/// </summary>
internal sealed class RootLauncher : IDisposable
{
    /// <summary>The helper's first argument when it is to hold a root.</summary>
    public const string RootVerb = "root";

    /// <summary>Where the helper finds its end of the channel; the descriptor after it is the lock.</summary>
    public const int ChannelDescriptor = 3;

    /// <summary>What comes with the root; anything else is the reason why there is none.</summary>
    public const byte RootMessage = (byte)'R';

    private readonly FolderLock.Held held;
    private readonly FileDescriptor channel;
    private readonly FileDescriptor? helper;

    private RootLauncher(FolderLock.Held held, FileDescriptor channel, FileDescriptor? helper)
    {
        this.held = held;
        this.channel = channel;
        this.helper = helper;
    }

    /// <summary>The root; its mounts live until this object is disposed of.</summary>
    public FileDescriptor Root { get; private set; } = new();

    /// <summary>Mounts a container's root.</summary>
    /// <param name="container">A container without a live process.</param>
    /// <param name="held">Its lock, given back when this object is disposed of.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ContainerException">CopyFailed when it can't be mounted.</exception>
    public static RootLauncher Launch(Container container, FolderLock.Held held, CancellationToken cancellation)
    {
        var (ours, theirs) = Channels.CreateSocketPair();
        RootLauncher launched;
        using (theirs)
        {
            using var nothing = Files.Open("/dev/null", Files.O_RDWR);
            string[] arguments = [HelperImage.FileName, RootVerb, container.Id, container.Store.Root, container.Store.Run];
            var pid = Spawning.StartDetached(HelperImage.Current, arguments, [], [nothing, nothing, nothing, theirs, held.Folder]);
            // Before anybody reaps it, so that the number is still the child's.
            launched = new RootLauncher(held, ours, PidFd.TryOpen(pid));
            ChildReaper.Track(pid);
        }

        try
        {
            launched.ReceiveRoot(container.Name, cancellation);
            return launched;
        }
        catch
        {
            launched.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Root.Dispose();
        channel.Dispose();
        // Its last descriptor on the mounts goes with it; only then may the overlay be mounted again.
        if (helper is not null)
            _ = Polling.WaitReadable(helper);
        helper?.Dispose();
        held.Dispose();
    }

    private void ReceiveRoot(string name, CancellationToken cancellation)
    {
        const int LongestReason = 4096;
        Polling.WaitReadable(channel, cancellation);
        var buffer = new byte[LongestReason];
        var (length, attachment) = Channels.Receive(channel, buffer);
        if (attachment is null)
        {
            var reason = length > 0 ? Encoding.UTF8.GetString(buffer, 0, length) : "the helper ended before it could say why.";
            throw new ContainerException(ContainerError.CopyFailed, $"The root of container '{name}' could not be mounted: {reason}", name);
        }

        Root = attachment;
    }
}
