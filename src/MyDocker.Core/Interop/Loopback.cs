using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>The loopback interface of a new network namespace, which the kernel makes but leaves down; see netdevice(7).</summary>
internal static unsafe partial class Loopback
{
    /// <summary>Brings up "lo" in the calling thread's network namespace.</summary>
    public static void BringUp()
    {
        var number = SocketRaw(AF_INET, SOCK_DGRAM | Files.O_CLOEXEC, 0);
        if (number < 0)
            throw SyscallException.FromLastError("socket", "AF_INET");
        using var socket = new FileDescriptor(number);

        // struct ifreq: a name of 16 bytes, then the flags; 40 bytes in all.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, 16));
        *(short*)(request + 16) = IFF_UP;
        if (IoctlRaw(socket.Number, SIOCSIFFLAGS, request) != 0)
            throw SyscallException.FromLastError("ioctl", "SIOCSIFFLAGS lo");
    }

    private const int AF_INET = 2;
    private const int SOCK_DGRAM = 2;
    private const short IFF_UP = 1;
    private const nuint SIOCSIFFLAGS = 0x8914;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketRaw(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlRaw(int descriptor, nuint request, void* argument);
}
