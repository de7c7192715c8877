using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// The first process of a container, born into its namespaces and its control group: makes the root, then becomes the user's
/// process.
/// </summary>
internal static class InitProcess
{
    /// <summary>The helper's first argument when it is to be an init.</summary>
    public const string Verb = "init";

    /// <summary>Comes back only when something fails, or at the end of a container made with -Init.</summary>
    /// <param name="bundle">The bundle's folder on the host.</param>
    public static int Run(string bundle)
    {
        Credentials.SetThreadName("mydocker-init");
        Execution.CloseOnExecFrom(MonitorChannel.Descriptor);
        using var monitor = new MonitorChannel();
        var step = new StartStep();
        try
        {
            return Run(bundle, monitor, step);
        }
        catch (ContainerException exception)
        {
            monitor.Send(StartReport.From(exception));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            monitor.Send(StartReport.From(new ContainerException(
                ContainerError.ContainerStartFailed, $"The start failed while {step.Name}: {exception.Message}")));
        }

        return 1;
    }

    private static int Run(string bundle, MonitorChannel monitor, StartStep step)
    {
        step.Name = "reading config.json";
        var spec = JsonFile.TryRead($"{bundle}/{Container.BundleFile}", OciJson.Default.OciSpec)
            ?? throw new ContainerException(ContainerError.ContainerStateInvalid, $"'{bundle}/{Container.BundleFile}' is missing.");

        // The control group is ours from birth; from here on it looks like the root of all.
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

        var terminal = RootBuilder.Build(bundle, spec, step);
        if (terminal is { } pair)
        {
            using (pair.Master)
                monitor.SendTerminal(pair.Master);
        }

        step.Name = "setting resource limits";
        var warnings = ResourceLimits.Apply(spec.Process.Rlimits ?? []);
        monitor.AwaitGo();
        UserProcess.Prepare(spec.Process, terminal?.Peer, step);
        step.Name = "executing the command";
        var path = CommandLookup.Find(spec.Process.Args[0], spec.Process.Env);
        monitor.Send(new StartReport { Warnings = warnings });
        if (spec.Annotations?.ContainsKey(Bundle.InitAnnotation) == true)
            return ReapingInit.Run(path, spec.Process, monitor);
        throw UserProcess.Execute(path, spec.Process);
    }
}
