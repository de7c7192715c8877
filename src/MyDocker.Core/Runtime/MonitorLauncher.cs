using System.Text;
using System.Text.Json;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>Starts the helper that starts and keeps a container, and reads its report.</summary>
internal static class MonitorLauncher
{
    /// <summary>The helper's first argument when it is to be a monitor.</summary>
    public const string MonitorVerb = "monitor";

    /// <summary>The monitor's descriptor for reports, and for whatever it says when it breaks.</summary>
    public const int ReportDescriptor = 2;

    /// <summary>Where a monitor finds what its mode is about: the foreground reader's pipes, or the first watcher's socket.</summary>
    public const int FirstCompanionDescriptor = 3;

    /// <summary>The mode of a monitor that nobody looks at.</summary>
    public const string Alone = "alone";

    /// <summary>The mode of a monitor with a reader, who has given it two pipes for a copy of standard output and error.</summary>
    public const string Read = "read";

    /// <summary>As <see cref="Read"/>, with a third pipe that is the container's standard input.</summary>
    public const string Fed = "fed";

    /// <summary>The mode of a monitor with a watcher from the start on, who has given it a socket; see <see cref="AttachMessages"/>.</summary>
    public const string Watched = "watched";

    /// <summary>Whom a monitor begins with, and what it is given for that.</summary>
    internal readonly record struct Companion(string Mode, params FileDescriptor[] Descriptors);

    /// <summary>Nobody.</summary>
    public static Companion Nobody => new(Alone);

    /// <summary>A reader of standard output and error, who may write standard input.</summary>
    public static Companion WithReaders((FileDescriptor? Input, FileDescriptor Output, FileDescriptor Error) pipes) => pipes.Input is { } input
        ? new(Fed, pipes.Output, pipes.Error, input)
        : new(Read, pipes.Output, pipes.Error);

    /// <summary>Starts a container's monitor and waits for its report.</summary>
    /// <param name="container">The container.</param>
    /// <param name="companion">Whom it begins with.</param>
    /// <param name="cancellation">Ends the wait; the start goes on.</param>
    /// <exception cref="ContainerException">What the monitor reports, or ContainerStartFailed when it says nothing.</exception>
    public static StartReport Start(Container container, Companion companion, CancellationToken cancellation)
    {
        var program = HelperImage.Current;
        var (read, write) = Channels.CreatePipe();
        using (read)
        {
            using (write)
            {
                using var nothing = Files.Open("/dev/null", Files.O_RDWR);
                ReadOnlySpan<FileDescriptor> descriptors = [nothing, nothing, write, .. companion.Descriptors];
                string[] arguments =
                [
                    HelperImage.FileName, MonitorVerb, container.Name, container.Id, container.Store.Root, container.Store.Run, companion.Mode,
                ];
                var pid = Spawning.StartDetached(program, arguments, [], descriptors);
                ChildReaper.Track(pid);
            }

            return Parse(ReadToEnd(read, cancellation), container.Name);
        }
    }

    private static byte[] ReadToEnd(FileDescriptor read, CancellationToken cancellation)
    {
        using var cancelled = Polling.CreateEvent();
        using var registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        Span<Polling.Entry> entries =
        [
            new Polling.Entry { Descriptor = read.Number, Events = Polling.POLLIN },
            new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN },
        ];
        var text = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            _ = Polling.Wait(entries);
            cancellation.ThrowIfCancellationRequested();
            var length = Files.TryRead(read.Number, buffer);
            if (length <= 0)
                return text.ToArray();
            text.Write(buffer[..(int)length]);
        }
    }

    private static StartReport Parse(byte[] text, string containerName)
    {
        try
        {
            var report = StoredJson.Parse<StartReport>(text);
            return report.Error is null ? report : throw report.ToException(containerName);
        }
        catch (JsonException)
        {
            // Not a report: the helper broke, and what it wrote says how.
        }

        var said = Encoding.UTF8.GetString(text).Trim();
        throw new ContainerException(
            ContainerError.ContainerStartFailed,
            $"The helper of container '{containerName}' ended before it could say how the start went{(said.Length > 0 ? ": " + said : ".")}",
            containerName);
    }
}
