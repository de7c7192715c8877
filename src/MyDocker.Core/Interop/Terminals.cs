using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>Pseudo-terminals; see pty(7), ioctl_tty(2).</summary>
internal static unsafe partial class Terminals
{
    /// <summary>Makes a pseudo-terminal from an open ptmx device.</summary>
    /// <param name="ptmx">The master, open.</param>
    /// <returns>The other side, which becomes the process's terminal.</returns>
    /// <remarks>
    /// TIOCGPTPEER opens the peer of this very master, whatever lies at /dev/pts/N by now: a container that swaps the path
    /// gains nothing (CVE-2025-52565).
    /// </remarks>
    public static FileDescriptor OpenPeer(FileDescriptor ptmx)
    {
        int unlocked = 0;
        if (IoctlRaw(ptmx.Number, TIOCSPTLCK, (nint)(&unlocked)) != 0)
            throw SyscallException.FromLastError("ioctl", "TIOCSPTLCK");
        var peer = IoctlRaw(ptmx.Number, TIOCGPTPEER, Files.O_RDWR | Files.O_NOCTTY | Files.O_CLOEXEC);
        return peer >= 0 ? new FileDescriptor(peer) : throw SyscallException.FromLastError("ioctl", "TIOCGPTPEER");
    }

    /// <summary>Makes a terminal the controlling one of this session.</summary>
    public static void TakeControl(FileDescriptor terminal)
    {
        if (IoctlRaw(terminal.Number, TIOCSCTTY, 0) != 0)
            throw SyscallException.FromLastError("ioctl", "TIOCSCTTY");
    }

    private const nuint TIOCSCTTY = 0x540E;
    private const nuint TIOCSPTLCK = 0x40045431;
    private const nuint TIOCGPTPEER = 0x5441;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlRaw(int descriptor, nuint request, nint argument);
}
