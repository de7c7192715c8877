using MyDocker.Cgroups;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// The first process of a container, born by <see cref="Cloning.Fork"/> into its namespaces: goes into its control group, makes
/// the root, then becomes the user's process. Nothing it does here outlives that: execve(2) leaves only what the kernel keeps.
/// </summary>
internal static class InitProcess
{
    /// <summary>Comes back only when something fails, with an exit status; the monitor has been told then.</summary>
    /// <param name="bundle">The bundle's folder on the host.</param>
    /// <param name="spec">The bundle's config.json.</param>
    /// <param name="cgroup">The container's control group.</param>
    /// <param name="descriptors">What become descriptors 0 to 3: the standard streams, and the channel to the monitor.</param>
    public static int Run(string bundle, OciSpec spec, Cgroup cgroup, FileDescriptor[] descriptors)
    {
        Execution.KeepOnly(descriptors);
        Credentials.SetThreadName("mydocker-init");
        using var monitor = new MonitorChannel();
        var step = new StartStep();
        try
        {
            return Run(bundle, spec, cgroup, monitor, step);
        }
        catch (ContainerException exception)
        {
            monitor.Send(StartReport.From(exception));
        }
        catch (Exception exception)
        {
            monitor.Send(StartReport.From(new ContainerException(
                ContainerError.ContainerStartFailed, $"The start failed while {step.Name}: {exception.Message}")));
        }

        return 1;
    }

    private static int Run(string bundle, OciSpec spec, Cgroup cgroup, MonitorChannel monitor, StartStep step)
    {
        step.Name = "entering the control group";
        cgroup.EnterWithCallingThread();
        // From here on the group looks like the root of all.
        if (spec.Linux.Namespaces.Any(entry => entry.Type == "cgroup"))
            Mounting.Unshare(Cloning.CLONE_NEWCGROUP);
        if (spec.Linux.Namespaces.Any(entry => entry.Type == "network"))
        {
            step.Name = "bringing up the loopback interface";
            Loopback.BringUp();
        }

        step.Name = "setting the host name";
        if (spec.Hostname is { } hostname)
            Credentials.SetHostName(hostname);

        using var helper = Files.Open("/proc/self/exe", Files.O_RDONLY);
        var terminal = RootBuilder.Build(bundle, spec, step);
        if (terminal is { } pair)
        {
            using (pair.Master)
                monitor.SendTerminal(pair.Master);
        }

        step.Name = "setting resource limits";
        if (ResourceLimits.Apply(spec.Process.Rlimits ?? []) is { Count: > 0 } warnings)
            monitor.Send(new StartReport { Warnings = warnings });
        monitor.AwaitGo();
        UserProcess.LeadSession(terminal?.Peer);
        UserProcess.Prepare(spec.Process, terminal?.Peer, step);
        step.Name = "executing the command";
        var path = CommandLookup.Find(spec.Process.Args[0], spec.Process.Env);
        monitor.SendReady();
        throw spec.Annotations?.ContainsKey(Bundle.InitAnnotation) == true
            ? ReapingInit.Execute(helper, path, spec.Process)
            : UserProcess.Execute(path, spec.Process);
    }
}
