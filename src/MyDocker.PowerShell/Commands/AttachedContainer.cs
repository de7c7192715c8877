using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>What -Attach does, whoever has it: the user's terminal, or the pipeline, becomes that of a container's main process.</summary>
internal static class AttachedContainer
{
    /// <summary>Stays until the container ends or the detach keys are pressed.</summary>
    /// <param name="cmdlet">The cmdlet that attaches.</param>
    /// <param name="container">The container.</param>
    /// <param name="session">Its main process; disposed of at the end.</param>
    /// <param name="keys">What leaves it.</param>
    /// <param name="errors">Takes standard error and the exit code.</param>
    /// <returns>The container as it is then.</returns>
    public static ContainerInfo Stay(PSCmdlet cmdlet, Container container, AttachSession session, DetachKeys keys, ErrorLineWriter errors)
    {
        using var running = new RunningCommand(session, false, cmdlet.WriteObject, errors.Write);
        var hasTerminal = container.HasTerminal && HostConsole.IsTerminal(cmdlet.Host);
        var exitCode = hasTerminal ? session.RunInTerminal(keys)
            : HostConsole.IsConsole(cmdlet.Host) ? running.FinishWithStandardInput()
            : running.Watch();
        return Conclude(cmdlet, container, session, exitCode, errors);
    }

    /// <summary>Tells how it went.</summary>
    public static ContainerInfo Conclude(PSCmdlet cmdlet, Container container, AttachSession session, int? exitCode, ErrorLineWriter errors)
    {
        if (session.MissedBytes > 0)
            cmdlet.WriteWarning($"{session.MissedBytes} bytes of what container '{container.Name}' said came too fast to be shown; its log has them.");
        // Left to itself, it has none.
        if (session.Ended is not { } ended)
            return container.Inspect();
        errors.Conclude(exitCode);
        return ended;
    }
}
