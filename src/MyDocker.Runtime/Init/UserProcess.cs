using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>The last steps inside the new root: the user, its capabilities, and the command.</summary>
internal static class UserProcess
{
    private const int FirstDescriptorAfterStandard = 3;

    /// <summary>More than any kernel knows today: what a later one adds must not stay in the bounding set.</summary>
    private const int CapabilitySlots = 64;

    /// <summary>Begins a session, with the terminal as the one that controls it.</summary>
    public static void LeadSession(FileDescriptor? terminal)
    {
        _ = Execution.StartSession();
        if (terminal is not null)
            Terminals.TakeControl(terminal);
    }

    /// <summary>Takes on everything of the user's process but its session and its program.</summary>
    /// <param name="process">What the bundle says of it.</param>
    /// <param name="terminal">The process's side of its terminal, or null.</param>
    /// <param name="step">Told what is being done.</param>
    public static void Prepare(OciProcess process, FileDescriptor? terminal, StartStep step)
    {
        step.Name = "setting up standard streams";
        TakeStreams(terminal, process.User);
        step.Name = $"becoming user {process.User.Uid}:{process.User.Gid}";
        TakeIdentity(process);
        step.Name = $"changing to the working directory {process.Cwd}";
        EnterWorkingDirectory(process.Cwd);
    }

    /// <summary>Executes the program; comes back only with the reason why it could not.</summary>
    public static ContainerException Execute(string path, OciProcess process)
    {
        using var arguments = new StringVector(process.Args);
        using var environment = new StringVector(process.Env);
        Execution.CloseOnExecFrom(FirstDescriptorAfterStandard);
        Execution.ResetSignals();
        return CommandLookup.Failure(process.Args[0], Execution.TryExecute(path, arguments, environment));
    }

    private static void TakeStreams(FileDescriptor? terminal, OciUser user)
    {
        _ = Credentials.SetCreationMask(0x12); // 0022
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (terminal is not null)
                Execution.Duplicate(terminal, descriptor);
            var stream = new FileDescriptor(descriptor);
            if (DeviceFolder.IsNull(stream))
                TakeOwnNullDevice(descriptor);
            else if (user.Uid != 0)
                // So that the user can open /dev/stdout and /dev/stderr, which are these very files.
                _ = Files.TryChangeOwner(stream, user.Uid, user.Gid);
            stream.SetHandleAsInvalid();
        }
    }

    /// <summary>
    /// A stream that is the host's null device becomes the container's own: with the host's, a chmod of /proc/self/fd/0 would be one
    /// of the host's /dev/null.
    /// </summary>
    private static void TakeOwnNullDevice(int descriptor)
    {
        using var nothing = Files.Open("/dev/null", Files.O_RDWR | Files.O_NOFOLLOW);
        DeviceFolder.RequireNull(nothing);
        Execution.Duplicate(nothing, descriptor);
    }

    private static void TakeIdentity(OciProcess process)
    {
        Credentials.LeaveSessionKeyring();
        var bounding = Capabilities.Mask(process.Capabilities?.Bounding);
        for (var capability = 0; capability < CapabilitySlots; capability++)
        {
            if ((bounding & (1UL << capability)) == 0)
                Credentials.DropFromBoundingSet(capability);
        }

        Credentials.KeepCapabilitiesAcrossUserChange();
        Credentials.Become(process.User.Uid, process.User.Gid, [.. process.User.AdditionalGids ?? []]);
        Credentials.SetCapabilities(
            Capabilities.Mask(process.Capabilities?.Effective),
            Capabilities.Mask(process.Capabilities?.Permitted),
            Capabilities.Mask(process.Capabilities?.Inheritable));
        Credentials.SetAmbient(Capabilities.Mask(process.Capabilities?.Ambient));
        if (process.NoNewPrivileges)
            Credentials.ForbidNewPrivileges();
    }

    private static void EnterWorkingDirectory(string path)
    {
        if (Mounting.TryChangeFolder(path) is var errno and not 0)
            throw new SyscallException("chdir", errno, path);
        // A folder of the host, through a leaked descriptor for instance, has no path in here (CVE-2024-21626).
        if (!Mounting.IsCurrentFolderInsideRoot())
            throw new ContainerException(ContainerError.ContainerStartFailed, $"The working directory '{path}' is outside the container.");
    }
}
