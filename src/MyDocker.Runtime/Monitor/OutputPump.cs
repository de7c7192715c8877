using MyDocker.Interop;

namespace MyDocker.Helper.Monitor;

/// <summary>
/// Moves what the container says to its log and, in the foreground, to a reader. A slow reader holds the container back
/// while it runs, as any pipe does, but never its end: what is left then is kept until everything else is done.
/// </summary>
internal sealed class OutputPump(LogFile log, FileDescriptor output, FileDescriptor? error, Readers? readers, Watchers? watchers) : IDisposable
{
    private readonly OutputStream[] streams = error is null
        ? [new OutputStream(LogStream.Output, output, readers?.Output, watchers)]
        : [new OutputStream(LogStream.Output, output, readers?.Output, watchers), new OutputStream(LogStream.Error, error, readers?.Error, watchers)];

    /// <summary>A pipe holds a mebibyte at the most, unless the host allows more; see /proc/sys/fs/pipe-max-size in pipe(7).</summary>
    private const int MostPiecesInAPipe = 16;

    /// <summary>Pumps until the process has ended, and lets watchers come, type and go meanwhile.</summary>
    /// <param name="process">The container's first process.</param>
    /// <param name="settleDown">Done once, when nothing has happened for a moment.</param>
    public void RunUntilEnd(FileDescriptor process, Action settleDown)
    {
        TimeSpan? patience = Footprint.SettlingTime;
        foreach (var stream in streams)
            Channels.SetNonBlocking(stream.Source);
        var own = 1 + (2 * streams.Length);
        var entries = new Polling.Entry[own];
        entries[0] = new Polling.Entry { Descriptor = process.Number, Events = Polling.POLLIN };
        while (true)
        {
            if (watchers is not null)
            {
                Array.Resize(ref entries, own + watchers.EntryCount);
                watchers.FillEntries(entries.AsSpan(own));
            }

            for (var i = 0; i < streams.Length; i++)
            {
                var stream = streams[i];
                // Nothing new is read while the reader has not taken the last piece.
                entries[1 + (2 * i)] = new Polling.Entry { Descriptor = stream.HasEnded || stream.IsBehind ? -1 : stream.Source.Number, Events = Polling.POLLIN };
                entries[2 + (2 * i)] = new Polling.Entry { Descriptor = stream.IsBehind ? stream.Reader!.Number : -1, Events = Polling.POLLOUT };
            }

            if (Polling.Wait(entries, patience) == 0)
            {
                patience = null;
                settleDown();
            }

            for (var i = 0; i < streams.Length; i++)
            {
                if (entries[2 + (2 * i)].Ready != 0)
                    streams[i].Forward();
                if (entries[1 + (2 * i)].Ready != 0)
                    streams[i].ReadOnce(log);
            }

            watchers?.Handle(entries.AsSpan(own));
            if (entries[0].Ready != 0)
                return;
        }
    }

    /// <summary>
    /// Takes what is still in the pipes, and ends the log. The process has ended, so no more comes than a pipe holds; unless it has passed its end to
    /// somebody outside (unix(7)), whom nobody waits for.
    /// </summary>
    public void Drain()
    {
        foreach (var stream in streams)
        {
            for (var pieces = 0; pieces < MostPiecesInAPipe && !stream.HasEnded && stream.ReadOnce(log); pieces++)
            {
                // Read again until there is nothing.
            }
        }

        log.EndLines();
    }

    /// <summary>Gives the reader what it has not taken yet, for as long as it is there.</summary>
    public void HandOver()
    {
        foreach (var stream in streams)
        {
            while (stream.IsBehind)
            {
                _ = Polling.Wait([new Polling.Entry { Descriptor = stream.Reader!.Number, Events = Polling.POLLOUT }]);
                stream.Forward();
            }
        }
    }

    public void Dispose()
    {
        foreach (var stream in streams)
            stream.Dispose();
        log.Dispose();
    }
}
