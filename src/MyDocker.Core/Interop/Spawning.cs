using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// posix_spawn(3): how pwsh starts the helper. glibc makes the child with CLONE_VM and CLONE_VFORK, so a runtime with many
/// threads is safe, and nothing of the session is copied.
/// </summary>
internal static unsafe partial class Spawning
{
    /// <summary>Starts a program in a session of its own, with default signal dispositions and an empty signal mask.</summary>
    /// <param name="program">The program's open file.</param>
    /// <param name="arguments">argv, the program's name first.</param>
    /// <param name="environment">NAME=value lines; nothing else is inherited.</param>
    /// <param name="descriptors">What becomes descriptor 0, 1, 2 … of the program; everything else is close-on-exec.</param>
    /// <returns>The pid.</returns>
    public static int StartDetached(
        FileDescriptor program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, ReadOnlySpan<FileDescriptor> descriptors)
    {
        // Sizes of glibc's opaque types are 80 and 336 bytes on x86-64 and arm64; checked by a test against <spawn.h>.
        var actions = stackalloc byte[FileActionsSize];
        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        try
        {
            // Moved up first, beyond them all and the program: a source may sit on a number that is another's target.
            var parking = Math.Max(descriptors.Length, program.Number + 1);
            foreach (var descriptor in descriptors)
                parking = Math.Max(parking, descriptor.Number + 1);
            // The program too, as it may itself sit on a target; the helper closes what it has not been given.
            var image = parking + descriptors.Length;
            Check(posix_spawn_file_actions_adddup2(actions, program.Number, image), "posix_spawn_file_actions_adddup2");
            for (var i = 0; i < descriptors.Length; i++)
                Check(posix_spawn_file_actions_adddup2(actions, descriptors[i].Number, parking + i), "posix_spawn_file_actions_adddup2");
            for (var i = 0; i < descriptors.Length; i++)
            {
                Check(posix_spawn_file_actions_adddup2(actions, parking + i, i), "posix_spawn_file_actions_adddup2");
                Check(posix_spawn_file_actions_addclose(actions, parking + i), "posix_spawn_file_actions_addclose");
            }

            return Start($"/proc/self/fd/{image}", arguments, environment, actions, POSIX_SPAWN_SETSID);
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Starts a program as an ordinary child, with our standard streams, session and terminal.</summary>
    /// <returns>The pid.</returns>
    public static int StartChild(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Start(path, arguments, environment, null, 0);

    private static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, byte* actions, short flags)
    {
        var attributes = stackalloc byte[AttributesSize];
        Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        try
        {
            // sigset_t is 128 bytes; .NET leaves SIGPIPE ignored, which an exec would pass on.
            var empty = stackalloc ulong[16];
            var all = stackalloc ulong[16];
            for (var i = 0; i < 16; i++)
                (empty[i], all[i]) = (0, ulong.MaxValue);
            Check(posix_spawnattr_setsigmask(attributes, empty), "posix_spawnattr_setsigmask");
            Check(posix_spawnattr_setsigdefault(attributes, all), "posix_spawnattr_setsigdefault");
            flags |= POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
            Check(posix_spawnattr_setflags(attributes, flags), "posix_spawnattr_setflags");

            using var argv = new StringVector(arguments);
            using var envp = new StringVector(environment);
            int pid;
            Check(posix_spawn(&pid, path, actions, attributes, argv.Pointer, envp.Pointer), "posix_spawn", path);
            return pid;
        }
        finally
        {
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    internal const int FileActionsSize = 80;
    internal const int AttributesSize = 336;

    private const short POSIX_SPAWN_SETSIGDEF = 0x04;
    private const short POSIX_SPAWN_SETSIGMASK = 0x08;
    private const short POSIX_SPAWN_SETSID = 0x80;

    // These return the error instead of setting errno.
    private static void Check(int error, string call, string? subject = null)
    {
        if (error != 0)
            throw new SyscallException(call, error, subject);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* pid, string path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclose(void* actions, int descriptor);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(void* attributes, void* mask);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);
}
