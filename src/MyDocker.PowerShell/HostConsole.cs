using System.Management.Automation.Host;

namespace MyDocker;

/// <summary>What a cmdlet may do with the standard input of its process.</summary>
internal static class HostConsole
{
    /// <summary>Whether standard input is the user's: in a job or a remote session it carries PowerShell's own protocol.</summary>
    public static bool IsConsole(PSHost host) => host.Name is "ConsoleHost" or "MyDocker.Shell";

    /// <summary>Whether the user sits at a terminal.</summary>
    public static bool IsTerminal(PSHost host) => IsConsole(host) && ConsoleTerminal.IsAvailable;
}
