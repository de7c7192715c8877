using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// clone3(2) followed at once by execveat(2): how the monitor makes the first process of a container. Between the two
/// the child is a copy of one thread of a managed runtime, so it makes blittable calls only, allocates nothing and never
/// meets the garbage collector (SuppressGCTransition): all it needs is laid out beforehand.
/// </summary>
internal static unsafe partial class Cloning
{
    public const ulong CLONE_NEWNS = 0x00020000;
    public const ulong CLONE_NEWCGROUP = 0x02000000;
    public const ulong CLONE_NEWUTS = 0x04000000;
    public const ulong CLONE_NEWIPC = 0x08000000;
    public const ulong CLONE_NEWPID = 0x20000000;
    public const ulong CLONE_NEWNET = 0x40000000;

    /// <summary>Starts a program in new namespaces and, where given, in a cgroup v2 folder.</summary>
    /// <param name="program">The program, open.</param>
    /// <param name="arguments">argv, the program's name first.</param>
    /// <param name="environment">The environment, as NAME=value.</param>
    /// <param name="namespaces">CLONE_NEW… flags.</param>
    /// <param name="cgroup">The open folder of the cgroup to be born in, or null.</param>
    /// <param name="descriptors">What becomes descriptor 0, 1, 2 …; everything else is close-on-exec.</param>
    /// <returns>The new process: its pid in our namespace and a pidfd.</returns>
    public static (int Pid, FileDescriptor Process) Start(
        FileDescriptor program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        ulong namespaces,
        FileDescriptor? cgroup,
        ReadOnlySpan<FileDescriptor> descriptors)
    {
        using var argv = new StringVector(arguments);
        using var envp = new StringVector(environment);
        var count = descriptors.Length;
        var sources = stackalloc int[count];
        var programNumber = program.Number;
        // Moved up first, above all of them: a source may sit on a number that is another's target.
        var parking = programNumber + 1;
        for (var i = 0; i < count; i++)
        {
            sources[i] = descriptors[i].Number;
            parking = Math.Max(parking, sources[i] + 1);
        }

        byte nothing = 0;

        int pidfd = -1;
        var how = new CloneArguments
        {
            Flags = namespaces | CLONE_PIDFD | (cgroup is null ? 0 : CLONE_INTO_CGROUP),
            PidFd = (ulong)&pidfd,
            ExitSignal = SIGCHLD,
            Cgroup = (ulong)(cgroup?.Number ?? 0),
        };

        var pid = SyscallNoTransition(SyscallNumbers.CloneThree, (nint)(&how), sizeof(CloneArguments), 0, 0, 0);
        if (pid == 0)
        {
            for (var i = 0; i < count; i++)
                _ = Dup2(sources[i], parking + i);
            for (var i = 0; i < count; i++)
            {
                _ = Dup2(parking + i, i);
                _ = Close(parking + i);
            }

            _ = ExecveAt(programNumber, &nothing, argv.Pointer, envp.Pointer, AT_EMPTY_PATH);
            ExitNow(127);
        }

        if (pid < 0)
            throw new SyscallException("clone3", Marshal.GetLastSystemError());
        return ((int)pid, new FileDescriptor(pidfd));
    }

    private const ulong CLONE_PIDFD = 0x1000;
    private const ulong CLONE_INTO_CGROUP = 0x200000000;
    private const ulong SIGCHLD = 17;
    private const int AT_EMPTY_PATH = 0x1000;

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint SyscallNoTransition(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [SuppressGCTransition]
    private static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    [SuppressGCTransition]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "execveat")]
    [SuppressGCTransition]
    private static partial int ExecveAt(int folder, byte* path, byte** argv, byte** envp, int flags);

    [LibraryImport("libc", EntryPoint = "_exit")]
    [SuppressGCTransition]
    private static partial void ExitNow(int status);

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
