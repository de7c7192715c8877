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

    /// <summary>Runs the command as a child until it ends.</summary>
    /// <returns>Its exit status, or 128 and the signal that ended it.</returns>
    public static int Run(string path, OciProcess process, MonitorChannel monitor)
    {
        using var childEnded = Polling.CreateEvent();
        using var _ = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, context =>
        {
            context.Cancel = true;
            Polling.SetEvent(childEnded);
        });

        FileDescriptor? command = null;
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
            pid = Spawning.StartChild(path, process.Args, process.Env);
        }
        catch (SyscallException exception)
        {
            throw CommandLookup.Failure(process.Args[0], exception.Errno);
        }

        monitor.Dispose();
        command = PidFd.TryOpen(pid);
        var status = ReapUntil(pid, childEnded);
        registrations.ForEach(registration => registration.Dispose());
        return status;
    }

    private static int ReapUntil(int command, FileDescriptor childEnded)
    {
        while (true)
        {
            while (PidFd.TryReapAny() is { } child)
            {
                if (child.Pid == command)
                    return child.End.ExitCode;
            }

            _ = Polling.WaitReadable(childEnded);
            Polling.ClearEvent(childEnded);
        }
    }
}
