using System.Globalization;
using System.Text;
using MyDocker.Interop;

namespace MyDocker.Processes;

/// <summary>
/// A process's folder in /proc, held open: all that is read through it is of that one process, also when its number has come to
/// mean another. Once the process has ended, there is nothing to be read (ESRCH).
/// </summary>
internal sealed class ProcessFolder : IDisposable
{
    private readonly FileDescriptor folder;

    private ProcessFolder(FileDescriptor folder) => this.folder = folder;

    /// <summary>Opens a process's folder; null when there is no process of that number.</summary>
    public static ProcessFolder? TryOpen(int pid) =>
        Files.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"), Files.O_PATH | Files.O_DIRECTORY) is { } folder
            ? new ProcessFolder(folder)
            : null;

    /// <summary>Opens the folder of that very process; null when it has ended, whoever has its number now.</summary>
    public static ProcessFolder? TryOpen(ProcessIdentity process)
    {
        if (process.BootId != ProcessIdentity.CurrentBootId || TryOpen(process.Pid) is not { } folder)
            return null;
        if (folder.TryRead("stat") is { } line && ProcessStat.TryParse(line)?.StartTime == process.StartTime)
            return folder;
        folder.Dispose();
        return null;
    }

    /// <summary>Reads one of its files; null when the process has ended, or has no such file.</summary>
    public byte[]? TryRead(string name)
    {
        try
        {
            return File.ReadAllBytes($"{folder.ProcPath}/{name}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads one of its files as text; null when the process has ended, or has no such file.</summary>
    public string? TryReadText(string name) => TryRead(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Opens the root that the process sees; null when it has ended. Whatever is opened below has to be opened in that root.</summary>
    public FileDescriptor? TryOpenRoot() => Files.TryOpen($"{folder.ProcPath}/root", Files.O_PATH | Files.O_DIRECTORY);

    public void Dispose() => folder.Dispose();
}
