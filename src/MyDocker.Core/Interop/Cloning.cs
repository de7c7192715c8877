using System.Globalization;
using System.Runtime.InteropServices;
using MyDocker.Processes;

namespace MyDocker.Interop;

/// <summary>
/// clone3(2) without a program to execute: how the monitor makes the first process of a container. The child goes on in managed
/// code as a copy of the calling thread alone, which is safe as long as nobody it has lost held a lock at that moment: the
/// monitor runs one thread, and the only other one, the runtime's finalizer, is seen to be asleep before we clone. A garbage
/// collection in the child finds that thread where it left it, in a wait, and needs nothing from it.
/// </summary>
internal static unsafe partial class Cloning
{
    public const ulong CLONE_NEWNS = 0x00020000;
    public const ulong CLONE_NEWCGROUP = 0x02000000;
    public const ulong CLONE_NEWUTS = 0x04000000;
    public const ulong CLONE_NEWIPC = 0x08000000;
    public const ulong CLONE_NEWPID = 0x20000000;
    public const ulong CLONE_NEWNET = 0x40000000;

    /// <summary>Makes a child in new namespaces and, where given, in a cgroup v2 folder.</summary>
    /// <param name="namespaces">CLONE_NEW… flags.</param>
    /// <param name="cgroup">The open folder of the cgroup to be born in, or null.</param>
    /// <returns>In the parent, the child's pid in our namespace and a pidfd; in the child, null.</returns>
    public static (int Pid, FileDescriptor Process)? Fork(ulong namespaces, FileDescriptor? cgroup)
    {
        AwaitSleepOfOtherThreads();
        return Clone(new CloneArguments
        {
            Flags = namespaces | (cgroup is null ? 0 : CLONE_INTO_CGROUP),
            ExitSignal = SIGCHLD,
            Cgroup = (ulong)(cgroup?.Number ?? 0),
        });
    }

    /// <summary>
    /// Makes a child for our parent, in the pid namespace that we have joined for our children; see CLONE_PARENT in clone(2). For a
    /// process that was made by <see cref="Fork"/> itself: it has no thread but this one.
    /// </summary>
    /// <returns>In us, the child's pid in our namespace and a pidfd; in the child, null.</returns>
    public static (int Pid, FileDescriptor Process)? ForkForParent() => Clone(new CloneArguments { Flags = CLONE_PARENT });

    private static (int Pid, FileDescriptor Process)? Clone(CloneArguments how)
    {
        int pidfd = -1;
        how.Flags |= CLONE_PIDFD;
        how.PidFd = (ulong)&pidfd;
        var pid = Files.Syscall(SyscallNumbers.CloneThree, (nint)(&how), sizeof(CloneArguments));
        return pid switch
        {
            0 => null,
            > 0 => ((int)pid, new FileDescriptor(pidfd)),
            _ => throw SyscallException.FromLastError("clone3"),
        };
    }

    /// <summary>A thread asleep in the kernel is in none of the runtime's or the C library's critical sections.</summary>
    private static void AwaitSleepOfOtherThreads()
    {
        var self = GetThreadId();
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task").Select(path => Path.GetFileName(path)))
        {
            if (task == self.ToString(CultureInfo.InvariantCulture))
                continue;
            while (ProcessStat.TryParse(File.ReadAllBytes($"/proc/self/task/{task}/stat")) is { State: not 'S' })
                Thread.Yield();
        }
    }

    private const ulong CLONE_PIDFD = 0x1000;
    private const ulong CLONE_PARENT = 0x8000;
    private const ulong CLONE_INTO_CGROUP = 0x200000000;
    private const ulong SIGCHLD = 17;

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    /// <summary>struct clone_args of clone3(2), as of Linux 5.7.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CloneArguments
    {
        public ulong Flags;
        public ulong PidFd;
        public ulong ChildTid;
        public ulong ParentTid;
        public ulong ExitSignal;
        public ulong Stack;
        public ulong StackSize;
        public ulong Tls;
        public ulong SetTid;
        public ulong SetTidSize;
        public ulong Cgroup;
    }
}
