using MyDocker.Interop;

namespace MyDocker.Logs;

/// <summary>
/// Opens log files as soon as they are made, on a thread that does nothing else: whoever reads the lines may be slow, and a file that
/// is not held when it is rotated away is lost.
/// </summary>
internal sealed class LogHolder : IDisposable
{
    private readonly FileDescriptor made = Polling.CreateFolderWatch();
    private readonly FileDescriptor stopped = Polling.CreateEvent();
    private readonly Dictionary<int, LogReader> watched = [];
    private readonly Thread thread;

    public LogHolder(IEnumerable<LogReader> readers)
    {
        foreach (var reader in readers)
            watched[Polling.AddToFolderWatch(made, reader.Folder.ProcPath, Polling.IN_CREATE)] = reader;
        thread = new Thread(HoldUntilStopped) { IsBackground = true, Name = "mydocker-log" };
        thread.Start();
    }

    public void Dispose()
    {
        Polling.SetEvent(stopped);
        thread.Join();
        made.Dispose();
        stopped.Dispose();
    }

    private void HoldUntilStopped()
    {
        Polling.Entry[] entries =
        [
            new() { Descriptor = stopped.Number, Events = Polling.POLLIN },
            new() { Descriptor = made.Number, Events = Polling.POLLIN },
        ];
        while (Polling.Wait(entries) > 0 && entries[0].Ready == 0)
        {
            foreach (var number in Polling.ReadFolderWatch(made).Distinct())
            {
                foreach (var (_, reader) in watched.Where(entry => number == Polling.Overflow || number == entry.Key))
                    TryHold(reader);
            }
        }
    }

    private static void TryHold(LogReader reader)
    {
        try
        {
            reader.HoldFiles();
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            // Whoever reads the lines meets the same, and tells.
        }
    }
}
