using System.Text;
using MyDocker.Helper.Monitor;
using MyDocker.Interop;

namespace MyDocker.Helper.Root;

/// <summary>
/// Holds the root of a container that does not run: mounts it where only this process sees it, hands it over, and stays until nobody
/// needs it any more. Runs nothing and reads nothing of what is in it.
/// </summary>
internal static class RootProcess
{
    /// <summary>Serves one copy; see <see cref="RootLauncher"/>.</summary>
    public static int Run(ContainerStore store, string id)
    {
        Credentials.SetThreadName("mydocker-root");
        // Whatever pwsh or its libraries left open; the lock stays, and is given back by our end.
        Execution.CloseFrom(RootLauncher.ChannelDescriptor + 2);
        _ = Mounting.TryChangeFolder("/");
        using var channel = new FileDescriptor(RootLauncher.ChannelDescriptor);
        string folder;
        try
        {
            var (container, spec) = BundleReader.Load(store, id, id);
            Mounting.Unshare(Cloning.CLONE_NEWNS);
            folder = $"{container.Folder}/{Bundle.RootFolder}";
            using var root = RestingRoot.Mount(container.Folder, spec);
            Channels.Send(channel, [RootLauncher.RootMessage], root);
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            TellWhy(channel, exception);
            return 1;
        }

        Span<byte> nothing = stackalloc byte[1];
        _ = Channels.Receive(channel, nothing);
        // While the lock is still ours: at a process's end the kernel closes files first, and frees mounts after that.
        Mounting.Detach(folder);
        return 0;
    }

    private static void TellWhy(FileDescriptor channel, Exception exception)
    {
        try
        {
            Channels.Send(channel, Encoding.UTF8.GetBytes(exception.Message));
        }
        catch (SyscallException failure) when (failure.Errno == Errno.EPIPE)
        {
            // Nobody wants to know any more: Ctrl-C.
        }
    }
}
