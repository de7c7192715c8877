using System.Globalization;
using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>execve(2), signal dispositions and what a process must put right before it hands itself over.</summary>
internal static unsafe partial class Execution
{
    /// <summary>Replaces this process; returns only on failure, with the errno.</summary>
    public static int TryExecute(string path, StringVector arguments, StringVector environment) =>
        ExecveRaw(path, arguments.Pointer, environment.Pointer) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Replaces this process by an open program; returns only on failure, with the errno. See execveat(2).</summary>
    public static int TryExecute(FileDescriptor program, StringVector arguments, StringVector environment)
    {
        byte nothing = 0;
        return ExecveAtRaw(program.Number, &nothing, arguments.Pointer, environment.Pointer, AT_EMPTY_PATH) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// Gives every signal its default action and blocks none. Handlers go with execve by themselves; what is ignored
    /// stays ignored, and .NET ignores SIGPIPE, which would break "yes | head" in every container.
    /// </summary>
    public static void ResetSignals()
    {
        // An all-zero struct sigaction is SIG_DFL with no flags and an empty mask; 152 bytes in glibc.
        var action = stackalloc byte[256];
        new Span<byte>(action, 256).Clear();
        for (var signal = 1; signal <= HighestSignal; signal++)
            _ = SigactionRaw(signal, action, null);
        _ = SigprocmaskRaw(SIG_SETMASK, action, null);
    }

    /// <summary>Marks every descriptor from the given number upward close-on-exec; see close_range(2).</summary>
    public static void CloseOnExecFrom(int first)
    {
        if (Files.Syscall(SyscallNumbers.CloseRange, first, unchecked((nint)uint.MaxValue), CLOSE_RANGE_CLOEXEC) == 0)
            return;
        throw SyscallException.FromLastError("close_range");
    }

    /// <summary>Closes every descriptor from the given number upward.</summary>
    public static void CloseFrom(int first)
    {
        if (Files.Syscall(SyscallNumbers.CloseRange, first, unchecked((nint)uint.MaxValue), 0) != 0)
            throw SyscallException.FromLastError("close_range");
    }

    /// <summary>Makes one descriptor a copy of another, without close-on-exec.</summary>
    public static void Duplicate(FileDescriptor from, int to)
    {
        if (Dup2Raw(from.Number, to) < 0)
            throw SyscallException.FromLastError("dup2");
    }

    /// <summary>Makes descriptors 0, 1, 2 … copies of the given ones, and closes all others.</summary>
    public static void KeepOnly(ReadOnlySpan<FileDescriptor> descriptors)
    {
        // Moved up first: a source may sit on a number that is another's target.
        for (var i = 0; i < descriptors.Length; i++)
            Duplicate(descriptors[i], ParkingBase + i);
        for (var i = 0; i < descriptors.Length; i++)
        {
            if (Dup2Raw(ParkingBase + i, i) < 0)
                throw SyscallException.FromLastError("dup2");
        }

        CloseFrom(descriptors.Length);
    }

    /// <summary>Puts the null device in place of the standard streams, so that those who wait for their end see it.</summary>
    public static void CloseStandardStreams()
    {
        using var nothing = Files.Open("/dev/null", Files.O_RDWR);
        for (var descriptor = 0; descriptor <= 2; descriptor++)
            Duplicate(nothing, descriptor);
    }

    /// <summary>Ends this process at once, running nothing more of it.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int status);

    /// <summary>Starts a session of its own; fails where there is one already, which is fine.</summary>
    [LibraryImport("libc", EntryPoint = "setsid")]
    public static partial int StartSession();

    /// <summary>Gives back what the allocator holds and does not need; see malloc_trim(3).</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int TrimMemory(nuint keep);

    /// <summary>
    /// The parts of this program that are mapped from its file and have never been written to: code and constants. What the linker
    /// made read-only after writing to it has anonymous pages and is not among them. See proc_pid_smaps(5).
    /// </summary>
    /// <param name="fileName">What the file is called there.</param>
    public static List<(nuint From, nuint To)> FindUnwrittenMappings(string fileName)
    {
        var found = new List<(nuint, nuint)>();
        (nuint From, nuint To)? current = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            // A mapping begins with "from-to permissions offset device inode path"; then come lines of the form "Name: value kB".
            if (line.Contains(" r-xp ", StringComparison.Ordinal) || line.Contains(" r--p ", StringComparison.Ordinal))
                current = line.Contains(fileName, StringComparison.Ordinal) ? ParseRange(line) : null;
            else if (line.Contains(" rw-p ", StringComparison.Ordinal))
                current = null;
            else if (current is { } mapping && line.StartsWith("Anonymous:", StringComparison.Ordinal) && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                found.Add(mapping);
        }

        return found;
    }

    /// <summary>Gives pages back: they stay in their file, and come again when they are used. See MADV_DONTNEED in madvise(2).</summary>
    public static void Drop(List<(nuint From, nuint To)> mappings)
    {
        foreach (var (from, to) in mappings)
            _ = MadviseRaw(from, to - from, MADV_DONTNEED);
    }

    private static (nuint From, nuint To) ParseRange(string line)
    {
        var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
        return (
            nuint.Parse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            nuint.Parse(range[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    private const int HighestSignal = 64;
    private const int MADV_DONTNEED = 4;
    private const int ParkingBase = 200;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int SIG_SETMASK = 2;
    private const nint CLOSE_RANGE_CLOEXEC = 4;

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExecveRaw(string path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "execveat", SetLastError = true)]
    private static partial int ExecveAtRaw(int folder, byte* path, byte** arguments, byte** environment, int flags);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MadviseRaw(nuint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigactionRaw(int signal, void* action, void* previous);

    [LibraryImport("libc", EntryPoint = "sigprocmask")]
    private static partial int SigprocmaskRaw(int how, void* set, void* previous);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2Raw(int from, int to);
}
