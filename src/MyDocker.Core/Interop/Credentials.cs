using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// Identity, capabilities and limits of the calling thread, changed just before it becomes the user's process.
/// Raw calls: glibc's wrappers would signal every other thread of the runtime (nptl(7)).
/// </summary>
internal static unsafe partial class Credentials
{
    /// <summary>Takes on a user, group and supplementary groups, groups first: after the user no right is left to do it.</summary>
    public static void Become(uint user, uint group, ReadOnlySpan<uint> supplementary)
    {
        fixed (uint* groups = supplementary)
        {
            if (Files.Syscall(SyscallNumbers.SetGroups, supplementary.Length, (nint)groups) != 0)
                throw SyscallException.FromLastError("setgroups");
        }

        if (Files.Syscall(SyscallNumbers.SetResGid, (nint)group, (nint)group, (nint)group) != 0)
            throw SyscallException.FromLastError("setresgid", $"{group}");
        if (Files.Syscall(SyscallNumbers.SetResUid, (nint)user, (nint)user, (nint)user) != 0)
            throw SyscallException.FromLastError("setresuid", $"{user}");
    }

    /// <summary>Keeps permitted capabilities across a change away from user 0; see PR_SET_KEEPCAPS in prctl(2).</summary>
    public static void KeepCapabilitiesAcrossUserChange() => Control(PR_SET_KEEPCAPS, 1, "PR_SET_KEEPCAPS");

    /// <summary>Takes a capability out of the bounding set; one that the kernel does not know is out of it already.</summary>
    public static void DropFromBoundingSet(int capability)
    {
        if (PrctlRaw(PR_CAPBSET_DROP, (nuint)capability, 0, 0, 0) != 0 && Marshal.GetLastPInvokeError() != Errno.EINVAL)
            throw SyscallException.FromLastError("prctl", $"PR_CAPBSET_DROP {capability}");
    }

    /// <summary>Sets the three capability sets of the calling thread; see capset(2), version 3.</summary>
    public static void SetCapabilities(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = stackalloc uint[2] { CapabilityVersion3, 0 };
        var data = stackalloc uint[6]
        {
            (uint)effective, (uint)permitted, (uint)inheritable,
            (uint)(effective >> 32), (uint)(permitted >> 32), (uint)(inheritable >> 32),
        };
        if (Files.Syscall(SyscallNumbers.CapSet, (nint)header, (nint)data) != 0)
            throw SyscallException.FromLastError("capset");
    }

    /// <summary>Empties the ambient set, then raises the given ones; see PR_CAP_AMBIENT in prctl(2).</summary>
    public static void SetAmbient(ulong capabilities)
    {
        Control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, "PR_CAP_AMBIENT_CLEAR_ALL");
        for (var capability = 0; capability < 64; capability++)
        {
            if ((capabilities & (1UL << capability)) != 0 && PrctlRaw(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (nuint)capability, 0, 0) != 0)
                throw SyscallException.FromLastError("prctl", $"PR_CAP_AMBIENT_RAISE {capability}");
        }
    }

    /// <summary>No execve will ever grant more rights; see PR_SET_NO_NEW_PRIVS in prctl(2).</summary>
    public static void ForbidNewPrivileges() => Control(PR_SET_NO_NEW_PRIVS, 1, "PR_SET_NO_NEW_PRIVS");

    /// <summary>
    /// Closes this process to others: nobody may attach to it or look through its /proc/PID/fd, root in a container neither.
    /// See PR_SET_DUMPABLE in prctl(2). execve(2) undoes it.
    /// </summary>
    public static void ForbidInspection() => Control(PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE");

    /// <summary>Has the kernel kill this process when its parent ends; a change of identity undoes it. See PR_SET_PDEATHSIG in prctl(2).</summary>
    public static void DieWithParent() => Control(PR_SET_PDEATHSIG, 9, "PR_SET_PDEATHSIG");

    /// <summary>Names the calling thread as ps shows it, 15 bytes at most; see PR_SET_NAME in prctl(2).</summary>
    public static void SetThreadName(string name)
    {
        fixed (byte* bytes = Files.NullTerminated(name))
            _ = PrctlRaw(PR_SET_NAME, (nuint)bytes, 0, 0, 0);
    }

    /// <summary>
    /// Joins a new, empty session keyring: the one of the login that started us may hold keys of the host. See keyctl(2),
    /// KEYCTL_JOIN_SESSION_KEYRING.
    /// </summary>
    public static void LeaveSessionKeyring()
    {
        // ENOSYS: a kernel without keyrings has none to leave.
        if (Files.Syscall(SyscallNumbers.KeyCtl, KEYCTL_JOIN_SESSION_KEYRING) < 0 && Marshal.GetLastPInvokeError() != Errno.ENOSYS)
            throw SyscallException.FromLastError("keyctl", "KEYCTL_JOIN_SESSION_KEYRING");
    }

    /// <summary>Reads a limit of this process; see getrlimit(2).</summary>
    public static (ulong Soft, ulong Hard) GetLimit(int resource)
    {
        var value = stackalloc ulong[2];
        return PrlimitRaw(0, resource, null, value) == 0 ? (value[0], value[1]) : throw SyscallException.FromLastError("prlimit");
    }

    /// <summary>Sets a limit of this process and says how it went: 0 or the errno.</summary>
    public static int TrySetLimit(int resource, ulong soft, ulong hard)
    {
        var value = stackalloc ulong[2] { soft, hard };
        return PrlimitRaw(0, resource, value, null) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>The effective user of this process.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Sets the mask that new files' modes lose, and returns the old one; see umask(2).</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetCreationMask(uint mask);

    /// <summary>Sets the host name of the calling thread's UTS namespace.</summary>
    public static void SetHostName(string name)
    {
        var bytes = Files.NullTerminated(name);
        fixed (byte* start = bytes)
        {
            if (SetHostNameRaw(start, (nuint)bytes.Length - 1) != 0)
                throw SyscallException.FromLastError("sethostname", name);
        }
    }

    private const nint KEYCTL_JOIN_SESSION_KEYRING = 1;
    private const int PR_SET_PDEATHSIG = 1;
    private const int PR_SET_DUMPABLE = 4;
    private const int PR_SET_KEEPCAPS = 8;
    private const int PR_SET_NAME = 15;
    private const int PR_CAPBSET_DROP = 24;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_CAP_AMBIENT = 47;
    private const int PR_CAP_AMBIENT_RAISE = 2;
    private const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private const uint CapabilityVersion3 = 0x20080522;

    private static void Control(int option, nuint argument, string name)
    {
        if (PrctlRaw(option, argument, 0, 0, 0) != 0)
            throw SyscallException.FromLastError("prctl", name);
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrctlRaw(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int PrlimitRaw(int pid, int resource, ulong* newLimit, ulong* oldLimit);

    [LibraryImport("libc", EntryPoint = "sethostname", SetLastError = true)]
    private static partial int SetHostNameRaw(byte* name, nuint length);
}
