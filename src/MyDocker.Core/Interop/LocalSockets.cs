using System.Runtime.InteropServices;
using System.Text;

namespace MyDocker.Interop;

/// <summary>Sockets with a name in a folder, which keep message boundaries; see unix(7).</summary>
internal static unsafe partial class LocalSockets
{
    /// <summary>Makes a socket that others can connect to; one of that name that a crash has left goes.</summary>
    public static FileDescriptor Listen(FileDescriptor folder, string name)
    {
        Files.Unlink($"{folder.ProcPath}/{name}");
        var socket = Create();
        var address = AddressOf(folder, name);
        if (BindRaw(socket.Number, &address, sizeof(Address)) != 0)
            throw SyscallException.FromLastError("bind", name);
        return ListenRaw(socket.Number, Backlog) == 0 ? socket : throw SyscallException.FromLastError("listen", name);
    }

    /// <summary>Takes one connection, whose end never waits; null when there is none.</summary>
    public static FileDescriptor? TryAccept(FileDescriptor listener)
    {
        var socket = Accept4Raw(listener.Number, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
        return socket >= 0 ? new FileDescriptor(socket) : null;
    }

    /// <summary>Connects; null when nobody listens there.</summary>
    public static FileDescriptor? TryConnect(FileDescriptor folder, string name)
    {
        var socket = Create();
        var address = AddressOf(folder, name);
        if (ConnectRaw(socket.Number, &address, sizeof(Address)) == 0)
            return socket;
        var errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        return errno is Errno.ENOENT or ECONNREFUSED ? null : throw new SyscallException("connect", errno, name);
    }

    private const int AF_UNIX = 1;
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = Files.O_CLOEXEC;
    private const int SOCK_NONBLOCK = Files.O_NONBLOCK;
    private const int ECONNREFUSED = 111;
    private const int Backlog = 16;
    private const int PathSize = 108;

    private static FileDescriptor Create()
    {
        var socket = SocketRaw(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        return socket >= 0 ? new FileDescriptor(socket) : throw SyscallException.FromLastError("socket");
    }

    /// <summary>By way of the open folder: an address has room for 107 bytes, and a folder's path may be longer.</summary>
    private static Address AddressOf(FileDescriptor folder, string name)
    {
        var address = new Address { Family = AF_UNIX };
        // The last byte stays zero.
        _ = Encoding.UTF8.GetBytes($"{folder.ProcPath}/{name}", new Span<byte>(address.Path, PathSize - 1));
        return address;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketRaw(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int BindRaw(int socket, Address* address, int length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int ListenRaw(int socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int Accept4Raw(int socket, void* address, void* length, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int ConnectRaw(int socket, Address* address, int length);

    /// <summary>struct sockaddr_un of unix(7).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Address
    {
        public ushort Family;
        public fixed byte Path[PathSize];
    }
}
