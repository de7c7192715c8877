using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>How a terminal treats what is typed; see termios(3).</summary>
internal static unsafe partial class TerminalSettings
{
    /// <summary>struct termios of glibc, whose fields nobody here needs to know.</summary>
    internal const int Size = 60;

    private const int TCSADRAIN = 1;

    /// <summary>Whether an open file is a terminal; see isatty(3).</summary>
    public static bool IsTerminal(int descriptor) => IsATtyRaw(descriptor) == 1;

    /// <summary>Reads the settings, to be put back later; null when the file is no terminal.</summary>
    public static byte[]? TryRead(int descriptor)
    {
        var settings = new byte[Size];
        fixed (byte* start = settings)
            return TcGetAttrRaw(descriptor, start) == 0 ? settings : null;
    }

    /// <summary>Sets them once all output has gone; what has been typed ahead is kept.</summary>
    public static void Write(int descriptor, byte[] settings)
    {
        fixed (byte* start = settings)
        {
            int result;
            do result = TcSetAttrRaw(descriptor, TCSADRAIN, start);
            while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            if (result != 0)
                throw SyscallException.FromLastError("tcsetattr");
        }
    }

    /// <summary>The same settings with every key passed on as it is, Ctrl-C and Ctrl-Z too; see cfmakeraw in termios(3).</summary>
    public static byte[] MakeRaw(byte[] settings)
    {
        var raw = settings.ToArray();
        fixed (byte* start = raw)
            CfMakeRawRaw(start);
        return raw;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATtyRaw(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int TcGetAttrRaw(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int TcSetAttrRaw(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void CfMakeRawRaw(byte* settings);
}
