using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>setns(2): going where another process is.</summary>
internal static partial class Namespaces
{
    /// <summary>Moves the calling thread into namespaces of a process, all of them or, when one fails, none.</summary>
    /// <param name="process">The process, held by descriptor, so that it can't be another one by now.</param>
    /// <param name="namespaces">
    /// CLONE_NEW… flags. CLONE_NEWPID is for children to come; CLONE_NEWNS changes root and working directory too, and wants a
    /// process of one thread.
    /// </param>
    public static void Join(FileDescriptor process, ulong namespaces)
    {
        if (SetNsRaw(process.Number, (int)namespaces) != 0)
            throw SyscallException.FromLastError("setns");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNsRaw(int descriptor, int namespaces);
}
