using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker.Helper.Init;

/// <summary>Finds a command as a shell would, see execvp(3), with the container's own PATH and the user's own rights.</summary>
internal static class CommandLookup
{
    /// <summary>The path to execute.</summary>
    /// <exception cref="ContainerException">CommandNotFound.</exception>
    public static string Find(string command, IEnumerable<string> environment)
    {
        if (command.Contains('/', StringComparison.Ordinal))
            return command;
        const string Variable = "PATH=";
        var folders = environment.FirstOrDefault(entry => entry.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..] ?? "";
        var errno = Errno.ENOENT;
        foreach (var folder in folders.Split(':'))
        {
            var candidate = folder.Length == 0 ? $"./{command}" : $"{folder}/{command}";
            var access = Directory.Exists(candidate) ? Errno.ENOENT : Files.TryExecuteAccess(candidate);
            if (access == 0)
                return candidate;
            if (access == Errno.EACCES)
                errno = access;
        }

        throw Failure(command, errno);
    }

    /// <summary>Says why a command can't be executed.</summary>
    public static ContainerException Failure(string command, int errno) => errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => new ContainerException(
            ContainerError.CommandNotFound,
            $"The command '{command}' was not found in the container (or the interpreter or loader it names is missing there).",
            command),
        Errno.EACCES or Errno.EPERM => new ContainerException(
            ContainerError.CommandNotFound, $"The command '{command}' can't be executed: permission denied. Is it executable, and no folder?", command),
        Errno.ENOEXEC => new ContainerException(
            ContainerError.CommandNotFound, $"The command '{command}' is no program for this machine, and no script with a first line '#!'.", command),
        _ => new ContainerException(
            ContainerError.ContainerStartFailed, $"The command '{command}' could not be executed: execve: {Marshal.GetPInvokeErrorMessage(errno)}", command),
    };
}
