using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>The pipes of whoever runs the container in the foreground: a copy of what it says goes there.</summary>
/// <param name="Output">For standard output.</param>
/// <param name="Error">For standard error.</param>
/// <param name="Input">What the container's process reads, where that is theirs as well.</param>
internal sealed record Readers(FileDescriptor Output, FileDescriptor Error, FileDescriptor? Input) : IDisposable
{
    /// <summary>Takes over the descriptors that pwsh has handed us.</summary>
    /// <param name="hasInput">Whether one is the container's standard input.</param>
    public static Readers Take(bool hasInput)
    {
        const int First = MonitorLauncher.FirstCompanionDescriptor;
        var readers = new Readers(new FileDescriptor(First), new FileDescriptor(First + 1), hasInput ? new FileDescriptor(First + 2) : null);
        // A reader that pauses must not make us miss the container's end.
        Channels.SetNonBlocking(readers.Output);
        Channels.SetNonBlocking(readers.Error);
        return readers;
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
        Input?.Dispose();
    }
}
