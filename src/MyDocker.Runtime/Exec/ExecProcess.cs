using MyDocker.Interop;

namespace MyDocker.Helper.Exec;

/// <summary>
/// The process that stays outside while a command runs inside a container: starts it, waits for its end and tells it; see
/// <see cref="ExecChannel"/>. It reaps the command at once, whatever its session does: a container can't end before every process of
/// its pid namespace has been reaped (zap_pid_ns_processes in the kernel).
/// </summary>
internal static class ExecProcess
{
    private const int SIGKILL = 9;

    /// <summary>Executes one command.</summary>
    public static int Run(string name, ContainerStore store, string id)
    {
        Credentials.SetThreadName("mydocker-exec");
        // From the moment we are in the container's pid namespace its processes see us.
        Credentials.ForbidInspection();
        Execution.CloseFrom(ExecChannel.RequestDescriptor + 1);
        Execution.CloseOnExecFrom(ExecChannel.Descriptor);
        _ = Mounting.TryChangeFolder("/");
        using var session = new ExecChannel(new FileDescriptor(ExecChannel.Descriptor));
        ExecStart start;
        bool isDetached;
        try
        {
            ExecRequest request;
            using (var wish = new FileDescriptor(ExecChannel.RequestDescriptor))
                request = StoredJson.Parse<ExecRequest>(File.ReadAllBytes(wish.ProcPath));
            isDetached = request.Detach;
            start = ExecStart.Begin(store, id, name, request, session);
        }
        catch (ContainerException exception)
        {
            TrySendStarted(session, StartReport.From(exception));
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
        catch (Exception exception)
        {
            session.SendStarted(StartReport.From(new ContainerException(ContainerError.ContainerCommandFailed, exception.Message, name)));
            return 1;
        }

        using (start)
        {
            // That the session has gone meanwhile shows below.
            TrySendStarted(session, new StartReport { Warnings = start.Warnings }, start.Terminal);
            session.SendEnded(WaitForEnd(session, start, isDetached));
        }

        return 0;
    }

    private static void TrySendStarted(ExecChannel session, StartReport report, FileDescriptor? terminal = null)
    {
        try
        {
            session.SendStarted(report, terminal);
        }
        catch (SyscallException exception) when (exception.Errno == Errno.EPIPE)
        {
            // It has gone without a word, or waits for none.
        }
    }

    /// <summary>Waits for the command to end, doing what the session says.</summary>
    private static int WaitForEnd(ExecChannel session, ExecStart start, bool isDetached)
    {
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = start.Process.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = session.Number, Events = Polling.POLLIN },
            // While the session is there, it reads the terminal.
            new Polling.Entry { Descriptor = -1, Events = Polling.POLLIN },
        ];
        TimeSpan? patience = Footprint.SettlingTime;
        while (true)
        {
            if (Polling.Wait(entries, patience) == 0)
            {
                patience = null;
                Footprint.Shrink();
            }

            if (entries[0].Ready != 0 && PidFd.TryReap(start.Process) is { } end)
                return end.ExitCode;
            if (entries[2].Ready != 0 && !Discard(start.Terminal!))
                entries[2].Descriptor = -1;
            if (entries[1].Ready == 0)
                continue;
            var order = session.ReceiveOrder();
            isDetached |= order == true;
            if (order is null)
                entries[1].Descriptor = -1;
            if (!isDetached)
                PidFd.SendToGroup(start.Pid, start.Process, SIGKILL);
            else if (start.Terminal is { } terminal)
                entries[2].Descriptor = terminal.Number;
        }
    }

    /// <summary>Takes what a terminal says, so that nobody in it ever waits for a reader that has detached.</summary>
    private static bool Discard(FileDescriptor terminal)
    {
        Span<byte> buffer = stackalloc byte[4096];
        return Files.TryRead(terminal.Number, buffer) > 0;
    }
}
