using MyDocker.Cgroups;
using MyDocker.Helper.Init;
using MyDocker.Interop;

namespace MyDocker.Helper.Exec;

/// <summary>
/// A process that goes where a container is, its control group and its namespaces, takes on the user and rights there, and only then
/// has the command's process born, into the pid namespace: none in the container ever sees a process that may do more than itself,
/// not even one with CAP_SYS_PTRACE (CVE-2016-9962). Whatever fails on the way ends it: nothing is ever executed half outside.
/// </summary>
internal static class JoiningProcess
{
    /// <summary>Where the container's first process is held.</summary>
    private const int TargetDescriptor = MonitorChannel.Descriptor + 1;

    private const ulong JoinedNamespaces = Cloning.CLONE_NEWNS | Cloning.CLONE_NEWUTS | Cloning.CLONE_NEWIPC | Cloning.CLONE_NEWNET
        | Cloning.CLONE_NEWCGROUP | Cloning.CLONE_NEWPID;

    /// <summary>Comes back when the command's process is born or something has failed, with an exit status; the helper has been told then.</summary>
    public static int Run(OciSpec spec, Cgroup cgroup, ExecRequest request, FileDescriptor[] descriptors)
    {
        Execution.KeepOnly(descriptors);
        using var helper = new MonitorChannel();
        var step = new StartStep();
        // What a container that is just dying answers to whoever wants in.
        var suspected = ContainerError.ContainerNotRunning;
        try
        {
            Join(cgroup, step);
            suspected = ContainerError.ContainerCommandFailed;
            var process = Become(spec, request, helper, step);
            step.Name = "making the command's process";
            if (Cloning.ForkForParent() is not var (pid, born))
                throw Execute(process, request, helper, step);
            helper.SendBorn(pid, born);
            return 0;
        }
        catch (ContainerException exception) when (exception.Error != ContainerError.ContainerStartFailed)
        {
            helper.Send(StartReport.From(exception));
        }
        catch (Exception exception)
        {
            helper.Send(StartReport.From(new ContainerException(suspected, $"The command could not be executed: it failed while {step.Name}: {exception.Message}")));
        }

        return 1;
    }

    private static void Join(Cgroup cgroup, StartStep step)
    {
        step.Name = "entering the control group";
        cgroup.EnterWithCallingThread();
        step.Name = "joining the container's namespaces";
        using var target = new FileDescriptor(TargetDescriptor);
        Namespaces.Join(target, JoinedNamespaces);
    }

    /// <summary>Takes on what the command's process is to have.</summary>
    private static OciProcess Become(OciSpec spec, ExecRequest request, MonitorChannel helper, StartStep step)
    {
        step.Name = "looking up the user";
        var process = CommandOf(spec.Process, request);
        step.Name = "making a terminal";
        using var peer = request.Terminal is { } size ? MakeTerminal(size, helper) : null;
        step.Name = "setting resource limits";
        if (ResourceLimits.Apply(spec.Process.Rlimits ?? []) is { Count: > 0 } warnings)
            helper.Send(new StartReport { Warnings = warnings });
        UserProcess.Prepare(process, peer, step);
        return process;
    }

    /// <summary>What the command's process does.</summary>
    private static ContainerException Execute(OciProcess process, ExecRequest request, MonitorChannel helper, StartStep step)
    {
        step.Name = "executing the command";
        using (var input = new FileDescriptor(0))
        {
            UserProcess.LeadSession(request.Terminal is null ? null : input);
            input.SetHandleAsInvalid();
        }

        var path = CommandLookup.Find(process.Args[0], process.Env);
        if (!request.Detach)
            Credentials.DieWithParent();
        // Fails where there is no parent any more.
        helper.SendReady();
        return UserProcess.Execute(path, process);
    }

    /// <summary>The container's own process, but for what was asked for.</summary>
    private static OciProcess CommandOf(OciProcess own, ExecRequest request)
    {
        // Looked up where it counts, in what is the root by now.
        var user = UserLookup.Resolve("/", request.User ?? $"{own.User.Uid}:{own.User.Gid}");
        var environment = new Dictionary<string, string>();
        foreach (var variable in own.Env)
            environment[variable[..variable.IndexOf('=', StringComparison.Ordinal)]] = variable[(variable.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (request.User is not null)
            environment["HOME"] = user.Home;
        if (request.Terminal is not null)
            environment.TryAdd("TERM", "xterm");
        foreach (var (name, value) in request.Environment)
            environment[name] = value;
        var held = request.User is null ? own.Capabilities : HeldBy(user.Uid, own.Capabilities);
        return own with
        {
            Args = request.Command.Count > 0 ? request.Command : [ShellOf(user)],
            Env = [.. environment.Select(variable => $"{variable.Key}={variable.Value}")],
            Cwd = request.WorkingDirectory ?? own.Cwd,
            User = request.User is null ? own.User : new OciUser { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.SupplementaryGids },
            Capabilities = held,
        };
    }

    /// <summary>As at the start: root has all that the container may have, another user none.</summary>
    private static OciCapabilities? HeldBy(uint uid, OciCapabilities? own)
    {
        IReadOnlyList<string> held = uid == 0 ? own?.Bounding ?? [] : [];
        return own is null ? null : own with { Effective = held, Permitted = held };
    }

    private static string ShellOf(ResolvedUser user) =>
        user.Shell is { } shell && !shell.EndsWith("/nologin", StringComparison.Ordinal) && !shell.EndsWith("/false", StringComparison.Ordinal)
            && Files.TryExecuteAccess(shell) == 0
            ? shell
            : "/bin/sh";

    private static FileDescriptor MakeTerminal(TerminalSize size, MonitorChannel helper)
    {
        using var root = Files.Open("/", Files.O_PATH | Files.O_DIRECTORY);
        var (master, peer) = DeviceFolder.MakeTerminal(root);
        using (master)
        {
            Terminals.SetSize(master, size);
            helper.SendTerminal(master);
        }

        return peer;
    }
}
