using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>
/// The PID 1 of containers made with -Init: passes signals on to the command and reaps whatever is orphaned, so that a
/// program that was never meant to be PID 1 stops and cleans up as it does anywhere else. See pid_namespaces(7).
/// </summary>
internal static class ReapingInit
{
    private const int HighestForwarded = 31;
    private const int SIGKILL = 9, SIGCHLD = 17, SIGSTOP = 19;

    // What the processor sends for our own mistakes; passing these on would blame the command.
    private static readonly int[] Faults = [4, 5, 7, 8, 11];

    /// <summary>The helper's first argument when it is to be a container's PID 1.</summary>
    public const string Verb = "reap";

    /// <summary>Becomes the helper, afresh, with the user's identity; comes back only with the reason why it could not.</summary>
    public static ContainerException Execute(FileDescriptor helper, string path, OciProcess process)
    {
        using var arguments = new StringVector([HelperImage.FileName, Verb, path, .. process.Args]);
        using var environment = new StringVector(process.Env);
        // The channel stays open: the command's own execution is yet to come.
        Execution.CloseOnExecFrom(MonitorChannel.Descriptor + 1);
        Execution.ResetSignals();
        return CommandLookup.Failure(process.Args[0], Execution.TryExecute(helper, arguments, environment));
    }

    /// <summary>Runs the command as a child until it ends.</summary>
    /// <returns>Its exit status, or 128 and the signal that ended it.</returns>
    public static int Run(string path, IReadOnlyList<string> arguments)
    {
        Credentials.SetThreadName("mydocker-init");
        Execution.CloseOnExecFrom(MonitorChannel.Descriptor);
        using var monitor = new MonitorChannel();
        FileDescriptor? command = null;
        // Kept until this process ends, which is when the command has.
        var registrations = new List<PosixSignalRegistration>();
        for (var signal = 1; signal <= HighestForwarded; signal++)
        {
            if (signal is SIGKILL or SIGSTOP or SIGCHLD || Faults.Contains(signal))
                continue;
            var number = signal;
            registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context =>
            {
                context.Cancel = true;
                if (command is not null)
                    PidFd.Send(command, number);
            }));
        }

        int pid;
        try
        {
            pid = Spawning.StartChild(path, arguments, OwnEnvironment());
        }
        catch (SyscallException exception)
        {
            monitor.Send(StartReport.From(CommandLookup.Failure(arguments[0], exception.Errno)));
            return 1;
        }

        // In this order: once the monitor knows that the command runs, a signal may come.
        command = PidFd.TryOpen(pid);
        monitor.Dispose();
        while (true)
        {
            // Not by SIGCHLD: the runtime, finding itself PID 1, would answer that by reaping everything before us.
            var (child, end) = PidFd.ReapAny();
            if (child == pid)
                return end.ExitCode;
        }
    }

    private static List<string> OwnEnvironment()
    {
        var variables = new List<string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables.Add($"{variable.Key}={variable.Value}");
        return variables;
    }
}
