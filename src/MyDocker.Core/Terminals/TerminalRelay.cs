using MyDocker.Interop;

namespace MyDocker;

/// <summary>Connects the terminal we sit at with one inside a container, until either ends or the detach keys are pressed.</summary>
internal static class TerminalRelay
{
    private const int PieceSize = 64 * 1024;

    /// <summary>Relays.</summary>
    /// <param name="far">The terminal inside.</param>
    /// <param name="keys">What leaves it.</param>
    /// <param name="cancellation">Ends the relaying at once.</param>
    /// <returns>False when the detach keys were pressed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, or our terminal has gone.</exception>
    public static bool Run(TerminalConnection far, DetachKeys keys, CancellationToken cancellation)
    {
        using var cancelled = Polling.CreateEvent();
        using var registration = cancellation.Register(() => Polling.SetEvent(cancelled));
        using var console = ConsoleTerminal.Enter();
        far.Resize(ConsoleTerminal.Size);
        var piece = new byte[PieceSize];
        var typed = new List<byte>();
        Span<Polling.Entry> entries = stackalloc Polling.Entry[6];
        while (!far.HasEnded)
        {
            entries[0] = new Polling.Entry { Descriptor = cancelled.Number, Events = Polling.POLLIN };
            entries[1] = new Polling.Entry { Descriptor = console.Resized.Number, Events = Polling.POLLIN };
            entries[2] = new Polling.Entry { Descriptor = far.Output, Events = Polling.POLLIN };
            entries[3] = new Polling.Entry { Descriptor = far.End, Events = Polling.POLLIN };
            // Nothing more is read from the keyboard while what was typed is not taken.
            entries[4] = new Polling.Entry { Descriptor = typed.Count == 0 ? ConsoleTerminal.Input : -1, Events = Polling.POLLIN };
            entries[5] = new Polling.Entry { Descriptor = typed.Count > 0 ? far.Output : -1, Events = Polling.POLLOUT };
            _ = Polling.Wait(entries);

            cancellation.ThrowIfCancellationRequested();
            if (entries[1].Ready != 0)
            {
                Polling.ClearEvent(console.Resized);
                far.Resize(ConsoleTerminal.Size);
            }

            if (entries[4].Ready != 0 && TakeKeys(keys, piece, typed))
                return false;
            if (typed.Count > 0)
                typed.RemoveRange(0, far.Write(typed.ToArray()));
            if (entries[2].Ready != 0)
                Show(far, console, piece);
            if (entries[3].Ready == 0)
                continue;
            far.TakeEnd();
            // What was said last comes before the end. A terminal holds a few kilobytes: who goes on writing then is somebody else.
            for (var left = PieceSize; left > 0 && Show(far, console, piece) is > 0 and var length;)
                left -= length;
        }

        return true;
    }

    private static bool TakeKeys(DetachKeys keys, byte[] piece, List<byte> typed)
    {
        var length = Files.TryRead(ConsoleTerminal.Input, piece);
        return length > 0
            ? keys.Take(piece.AsSpan(0, (int)length), typed)
            : throw new OperationCanceledException("The terminal has gone.");
    }

    private static int Show(TerminalConnection far, ConsoleTerminal console, byte[] piece)
    {
        var length = far.Read(piece);
        console.Write(piece.AsSpan(0, length));
        return length;
    }
}
