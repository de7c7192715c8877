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

    /// <summary>The size of a terminal's window; null when the file is no terminal, or does not know.</summary>
    public static TerminalSize? TryGetSize(int descriptor)
    {
        WindowSize size;
        return IoctlRaw(descriptor, TIOCGWINSZ, (nint)(&size)) == 0 && size.Columns > 0 && size.Rows > 0 ? new TerminalSize(size.Columns, size.Rows) : null;
    }

    /// <summary>Sets the size of a terminal's window; the kernel tells whoever works in it by SIGWINCH.</summary>
    public static void SetSize(FileDescriptor terminal, TerminalSize size)
    {
        var window = new WindowSize { Rows = size.Rows, Columns = size.Columns };
        if (IoctlRaw(terminal.Number, TIOCSWINSZ, (nint)(&window)) != 0)
            throw SyscallException.FromLastError("ioctl", "TIOCSWINSZ");
    }

    private const nuint TIOCSCTTY = 0x540E;
    private const nuint TIOCGWINSZ = 0x5413;
    private const nuint TIOCSWINSZ = 0x5414;
    private const nuint TIOCSPTLCK = 0x40045431;
    private const nuint TIOCGPTPEER = 0x5441;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlRaw(int descriptor, nuint request, nint argument);

    /// <summary>struct winsize of ioctl_tty(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}
