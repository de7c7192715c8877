using Mono.Unix.Native;
using MyDocker.Interop;
using MyDocker.Processes;

namespace MyDocker;

/// <summary>How Stop-Container is to go about it.</summary>
/// <param name="Timeout">Seconds between the signal and SIGKILL; 0 is at once, -1 for ever, null what the container says.</param>
/// <param name="Signal">What to send first; null is what the container says.</param>
/// <param name="Force">SIGKILL now.</param>
public sealed record StopOptions(int? Timeout = null, Signum? Signal = null, bool Force = false);

/// <summary>The beginning and the escalation of a stop; <see cref="ContainerStopper"/> does the waiting.</summary>
public sealed partial class Container
{
    /// <summary>
    /// Under the lock: derive the status, take hold of the process, write Stopping, and send the signal. The lock is let go
    /// before anybody waits.
    /// </summary>
    /// <returns>The run to wait for, or null with the observation of a container that is not running; and whether it was killed at once.</returns>
    internal (RunState? Run, Observation Seen, bool IsKilled) BeginStop(StopOptions options, Action<string> verbose, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        var seen = Observe();
        if (seen.StartUnderway is { } orphan)
        {
            // Its monitor holds the lock while it starts a container; we hold it, so that start is over or its monitor dead.
            return (orphan, seen, false);
        }

        if (!seen.Status.CanBecome(ContainerStatus.Stopping) || seen.State is not { } state)
            return (null, seen, false);
        using var process = state.Process.TryOpen();
        if (process is null)
            return (state, seen, false);

        var signal = options.Signal ?? Spec.StopSignal;
        var reason = ReasonFor(signal, options, state, verbose);
        RecordStop(state, reason);
        if (reason == StopReason.Signaled)
        {
            PidFd.Send(process, (int)signal);
            // A frozen process would not hear of it before the deadline.
            if (Cgroup.IsFrozen)
                Cgroup.Thaw();
        }
        else
        {
            KillAll(process);
        }

        return (state, seen, reason != StopReason.Signaled);
    }

    /// <summary>Kills the container without waiting for its end.</summary>
    public void Kill() => _ = BeginStop(new StopOptions(Force: true), _ => { }, CancellationToken.None);

    /// <summary>The grace period is over: kills everything the container runs, if it is still that run.</summary>
    internal void KillRun(RunState run, CancellationToken cancellation)
    {
        using var held = Lock(cancellation);
        if (Observe() is not { Status: ContainerStatus.Stopping or ContainerStatus.Running or ContainerStatus.Paused, State: { } state }
            || state.Run != run.Run || state.Process.TryOpen() is not { } process)
            return;
        using (process)
        {
            RecordStop(state, StopReason.Killed);
            KillAll(process);
        }
    }

    /// <summary>
    /// Writes down that somebody wants it to end. A full disk must not keep a container alive, as it may be the one that fills
    /// it: its end is then told as one of its own.
    /// </summary>
    private void RecordStop(RunState state, StopReason reason)
    {
        try
        {
            WriteState(state with { Stop = new StopRequest(state.Stop?.RequestedAt ?? DateTimeOffset.UtcNow, reason) });
        }
        catch (ContainerException exception) when (exception.Error == ContainerError.StateWriteFailed)
        {
            // The monitor has had room for the exit record from the start on.
        }
    }

    private StopReason ReasonFor(Signum signal, StopOptions options, RunState state, Action<string> verbose)
    {
        var timeout = options.Timeout ?? Spec.StopTimeoutSeconds;
        if (options.Force || timeout == 0 || signal == Signum.SIGKILL || state.Stop?.Reason == StopReason.Killed)
            return StopReason.Killed;
        if (!WouldDiscard(state.Process.Pid, signal))
            return StopReason.Signaled;
        verbose($"'{Name}' runs as PID 1 and has no handler for {signal}: the kernel would discard it, so it is killed at once. "
            + "New-Container -Init gives it a PID 1 that forwards signals.");
        return StopReason.UndeliverableSignal;
    }

    /// <summary>
    /// Whether the kernel would throw the signal away. A mask seen once may be that of a moment: the C library blocks every signal
    /// while it forks, so one that is blocked without a handler is looked at again.
    /// </summary>
    private static bool WouldDiscard(int pid, Signum signal)
    {
        for (var look = 0; look < 5; look++)
        {
            if (SignalState.TryRead(pid) is not { } masks || masks.Catches(signal))
                return false;
            if (masks.WouldDiscardAsInit(signal))
                return true;
            Thread.Sleep(2);
        }

        return false;
    }

    /// <summary>The whole control group, and the first process by its descriptor in case it is not in it (yet).</summary>
    private void KillAll(FileDescriptor process)
    {
        PidFd.Send(process, (int)Signum.SIGKILL);
        if (Cgroup is { Exists: true } cgroup)
            cgroup.Kill();
    }
}
