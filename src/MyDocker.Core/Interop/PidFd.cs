using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>A process held by file descriptor, so that its number can't come to mean another one; see pidfd_open(2).</summary>
internal static unsafe partial class PidFd
{
    /// <summary>Opens a process; null when there is none of that number.</summary>
    public static FileDescriptor? TryOpen(int pid)
    {
        var descriptor = Files.Syscall(SyscallNumbers.PidfdOpen, pid);
        if (descriptor >= 0)
            return new FileDescriptor((int)descriptor);
        return Marshal.GetLastPInvokeError() is Errno.ESRCH or Errno.EINVAL
            ? null
            : throw SyscallException.FromLastError("pidfd_open", $"process {pid}");
    }

    /// <summary>Sends a signal; false when the process has ended. See pidfd_send_signal(2).</summary>
    public static bool Send(FileDescriptor process, int signal)
    {
        if (Files.Syscall(SyscallNumbers.PidfdSendSignal, process.Number, signal) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.ESRCH
            ? false
            : throw SyscallException.FromLastError("pidfd_send_signal", $"signal {signal}");
    }

    /// <summary>
    /// Sends a signal to a child of ours that is not reaped yet, and to all of its process group where it leads one: neither number
    /// can mean anybody else before it is reaped. See kill(2).
    /// </summary>
    public static void SendToGroup(int leader, FileDescriptor process, int signal)
    {
        // ESRCH: it has not made its group yet, or all of it has ended.
        _ = KillRaw(-leader, signal);
        _ = Send(process, signal);
    }

    /// <summary>Reaps a child of ours that has ended. See waitid(2).</summary>
    /// <returns>How it ended, or null when it is still running.</returns>
    public static ProcessEnd? TryReap(FileDescriptor process)
    {
        SigInfo info = default;
        int result;
        do result = WaitIdRaw(P_PIDFD, (uint)process.Number, &info, WEXITED | WNOHANG);
        while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        if (result != 0)
            throw SyscallException.FromLastError("waitid");
        return info.Pid == 0 ? null : new ProcessEnd(info.Status, info.Code != CLD_EXITED);
    }

    /// <summary>Waits for any child to end and reaps it, as PID 1 has to.</summary>
    /// <returns>The child's pid and how it ended.</returns>
    public static (int Pid, ProcessEnd End) ReapAny()
    {
        SigInfo info = default;
        int result;
        do result = WaitIdRaw(P_ALL, 0, &info, WEXITED);
        while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return result == 0
            ? (info.Pid, new ProcessEnd(info.Status, info.Code != CLD_EXITED))
            : throw SyscallException.FromLastError("waitid");
    }

    private const int P_ALL = 0;
    private const int P_PIDFD = 3;
    private const int WNOHANG = 1;
    private const int WEXITED = 4;
    private const int CLD_EXITED = 1;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillRaw(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitIdRaw(int idType, uint id, SigInfo* info, int options);

    /// <summary>siginfo_t as waitid(2) fills it; 128 bytes in all.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct SigInfo
    {
        [FieldOffset(8)]
        public int Code;

        [FieldOffset(16)]
        public int Pid;

        [FieldOffset(24)]
        public int Status;
    }
}

/// <summary>How a process ended: its exit status, or the signal that killed it.</summary>
internal readonly record struct ProcessEnd(int Status, bool Signaled)
{
    /// <summary>As shells say it: the status, or 128 and the signal's number.</summary>
    public int ExitCode => Signaled ? 128 + Status : Status;
}
