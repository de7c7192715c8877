using MyDocker.Interop;

namespace MyDocker;

/// <summary>The reading ends of a container's standard output and error, for whoever started it in the foreground.</summary>
public sealed class AttachedOutput : IDisposable
{
    private readonly (FileDescriptor Read, FileDescriptor Write) output = Channels.CreatePipe();
    private readonly (FileDescriptor Read, FileDescriptor Write) error = Channels.CreatePipe();

    // In turns: a stream that never pauses must not keep the other one waiting for ever.
    private int next = 1;

    internal AttachedOutput()
    {
    }

    /// <summary>Reads what comes next, from either stream.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellation">Ends the wait at once.</param>
    /// <returns>The number of bytes and whether they are standard error's; null when both streams have ended.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public (int Length, bool IsError)? Read(Span<byte> buffer, CancellationToken cancellation)
    {
        using var cancelled = Polling.CreateEvent();
        using var registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = output.Read.IsClosed ? -1 : output.Read.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = error.Read.IsClosed ? -1 : error.Read.Number, Events = Polling.POLLIN },
        ];
        while (entries[1].Descriptor >= 0 || entries[2].Descriptor >= 0)
        {
            _ = Polling.Wait(entries);
            cancellation.ThrowIfCancellationRequested();
            foreach (var i in (ReadOnlySpan<int>)[next, Other(next)])
            {
                if (entries[i].Ready == 0)
                    continue;
                var length = Files.TryRead(entries[i].Descriptor, buffer);
                if (length > 0)
                {
                    next = Other(i);
                    return ((int)length, i == 2);
                }

                (i == 1 ? output : error).Read.Dispose();
                entries[i].Descriptor = -1;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseWriters();
        output.Read.Dispose();
        error.Read.Dispose();
    }

    private static int Other(int stream) => 3 - stream;

    internal (FileDescriptor Output, FileDescriptor Error) TakeWriters() => (output.Write, error.Write);

    internal void CloseWriters()
    {
        output.Write.Dispose();
        error.Write.Dispose();
    }
}
