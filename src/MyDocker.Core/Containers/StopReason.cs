namespace MyDocker;

/// <summary>Why a container's first process ended.</summary>
public enum StopReason
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>It exited with a status of its own.</summary>
    Exited,

    /// <summary>A signal ended it, the stop signal for instance.</summary>
    Signaled,

    /// <summary>It outlived the grace period, or -Force asked for it, and was killed.</summary>
    Killed,

    /// <summary>The kernel would have discarded the stop signal (PID 1 without a handler), so it was killed at once.</summary>
    UndeliverableSignal,

    /// <summary>The kernel killed it because the container was out of memory.</summary>
    OutOfMemory,

    /// <summary>Nobody saw it end: its monitor was gone too, or the machine went down.</summary>
    Lost,
}
