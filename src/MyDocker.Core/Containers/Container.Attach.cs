using MyDocker.Interop;

namespace MyDocker;

/// <summary>Attaching to a container's main process.</summary>
public sealed partial class Container
{
    /// <summary>Whether one can attach: it was made with a terminal, or with an open standard input.</summary>
    public bool CanBeAttached => Spec.Terminal || Spec.Interactive;

    /// <summary>Whether its main process has a terminal.</summary>
    public bool HasTerminal => Spec.Terminal;

    /// <summary>Connects with the main process of a running container.</summary>
    /// <param name="cancellation">Ends every wait of the session; the container goes on.</param>
    /// <exception cref="ContainerException">ContainerNotRunning, InvalidArgument for one made without terminal and input, ContainerCommandFailed.</exception>
    public AttachSession Attach(CancellationToken cancellation)
    {
        StoreAccess.RequireRoot("Attaching to a container");
        RequireAttachable();
        if (!Observe().Status.IsAlive())
            throw NotJoinable(ContainerStatus.Exited);
        var folder = new RunFolder(this);
        if (LocalSockets.TryConnect(folder.Descriptor, AttachMessages.SocketName) is { } socket)
            return new AttachSession(socket, folder, cancellation);
        folder.Dispose();
        throw Observe().Status.IsAlive()
            ? new ContainerException(ContainerError.ContainerCommandFailed, $"The monitor of container '{Name}' is gone, and its terminal or input with it.", Name)
            : NotJoinable(ContainerStatus.Exited);
    }

    /// <summary>Starts the container and attaches to it: nothing of what it says is missed.</summary>
    /// <param name="warn">Told what was done otherwise than asked for.</param>
    /// <param name="cancellation">Ends every wait of the session; the container goes on.</param>
    /// <exception cref="ContainerException">As <see cref="Start"/>, and InvalidArgument for one made without terminal and input.</exception>
    public AttachSession StartAttached(Action<string> warn, CancellationToken cancellation)
    {
        RequireAttachable();
        RequireStartable(cancellation);
        var folder = new RunFolder(this);
        var (ours, theirs) = Channels.CreateSocketPair();
        var session = new AttachSession(ours, folder, cancellation);
        try
        {
            using (theirs)
            {
                foreach (var warning in MonitorLauncher.Start(this, new MonitorLauncher.Companion(MonitorLauncher.Watched, theirs), cancellation).Warnings)
                    warn(warning);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void RequireAttachable()
    {
        if (!CanBeAttached)
        {
            throw ContainerException.Invalid(
                $"Container '{Name}' was made without -Terminal and -Interactive: there is nothing to attach to. Get-ContainerLog {Name} -Follow shows what it says, "
                + $"and Enter-Container {Name} opens a shell in it.",
                Name);
        }
    }
}
