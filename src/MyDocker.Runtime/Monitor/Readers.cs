using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>The pipes of whoever runs the container in the foreground: a copy of what it says goes there.</summary>
/// <param name="Output">For standard output.</param>
/// <param name="Error">For standard error.</param>
internal sealed record Readers(FileDescriptor Output, FileDescriptor Error) : IDisposable
{
    /// <summary>Takes over the descriptors that pwsh has handed us.</summary>
    public static Readers Take()
    {
        var readers = new Readers(
            new FileDescriptor(MonitorLauncher.FirstCompanionDescriptor), new FileDescriptor(MonitorLauncher.FirstCompanionDescriptor + 1));
        // A reader that pauses must not make us miss the container's end.
        Channels.SetNonBlocking(readers.Output);
        Channels.SetNonBlocking(readers.Error);
        return readers;
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
    }
}
