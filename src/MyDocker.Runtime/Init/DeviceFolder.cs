using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>The devices every container has; see the runtime specification, "Default Devices".</summary>
internal static class DeviceFolder
{
    private const uint Everyone = 0x1B6; // 0666
    private const uint TerminalMode = 0x190; // 0620
    private const uint NullMajor = 1, NullMinor = 3;
    private const uint PtmxMajor = 5, PtmxMinor = 2;

    private static readonly (string Name, uint Major, uint Minor)[] Devices =
        [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)];

    private static readonly (string Name, string Target)[] Links =
        [("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")];

    /// <summary>Fills the fresh /dev.</summary>
    public static void Fill(FileDescriptor root)
    {
        using var folder = Files.OpenInRoot(root, "/dev", Files.O_PATH | Files.O_DIRECTORY);
        var mask = Credentials.SetCreationMask(0);
        foreach (var (name, major, minor) in Devices)
            Files.MakeDeviceAt(folder, name, Everyone, major, minor);
        _ = Credentials.SetCreationMask(mask);
        foreach (var (name, target) in Links)
            Files.MakeLinkAt(target, folder, name);
    }

    /// <summary>Whether an open file is the null device, ours or another's.</summary>
    public static bool IsNull(FileDescriptor file) => Files.Status(file).IsCharacterDevice(NullMajor, NullMinor);

    /// <summary>Refuses what the container has put in place of its null device.</summary>
    public static void RequireNull(FileDescriptor file)
    {
        if (!IsNull(file))
            throw new ContainerException(ContainerError.ContainerStartFailed, "/dev/null in the container is not the null device.");
    }

    /// <summary>Makes a pseudo-terminal and shows it as /dev/console.</summary>
    public static (FileDescriptor Master, FileDescriptor Peer) MakeConsole(FileDescriptor root)
    {
        var (master, peer) = MakeTerminal(root);
        using var console = Files.OpenInRoot(root, "/dev/console", Files.O_RDWR | Files.O_CREAT | Files.O_EXCL, TerminalMode);
        Mounting.Mount(peer.ProcPath, console.ProcPath, null, Mounting.MS_BIND, subject: "/dev/console");
        return (master, peer);
    }

    /// <summary>Makes a pseudo-terminal in the container's own devpts.</summary>
    public static (FileDescriptor Master, FileDescriptor Peer) MakeTerminal(FileDescriptor root)
    {
        var master = Files.OpenInRoot(root, "/dev/pts/ptmx", Files.O_RDWR | Files.O_NOCTTY);
        if (!Files.Status(master).IsCharacterDevice(PtmxMajor, PtmxMinor))
            throw new ContainerException(ContainerError.ContainerStartFailed, "/dev/pts/ptmx in the container is not a pseudo-terminal multiplexer.");
        return (master, Terminals.OpenPeer(master));
    }
}
