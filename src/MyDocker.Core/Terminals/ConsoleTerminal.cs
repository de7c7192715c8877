using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// The terminal this session sits at, handed over to a program elsewhere: every key goes there as it is. Disposing of it puts the
/// terminal back as it was, and so does a signal that ends the session.
/// </summary>
public sealed class ConsoleTerminal : IDisposable
{
    internal const int Input = 0;
    internal const int Output = 1;

    private static readonly TerminalSize SizeOfUnknown = new(80, 24);

    private readonly byte[] settings;
    private readonly ScreenModes modes = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lock gate = new();
    private bool isRestored;

    private ConsoleTerminal(byte[] settings)
    {
        this.settings = settings;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            registrations.Add(PosixSignalRegistration.Create(signal, _ => Restore()));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => NoteResize()));
        TerminalSettings.Write(Input, TerminalSettings.MakeRaw(settings));
    }

    /// <summary>Whether standard input is a terminal.</summary>
    public static bool IsAvailable => TerminalSettings.IsTerminal(Input);

    /// <summary>Its window's size.</summary>
    public static TerminalSize Size => Terminals.TryGetSize(Output) ?? Terminals.TryGetSize(Input) ?? SizeOfUnknown;

    /// <summary>Becomes readable when the window's size has changed.</summary>
    internal FileDescriptor Resized { get; } = Polling.CreateEvent();

    /// <summary>Hands the terminal over.</summary>
    internal static ConsoleTerminal Enter() => new(
        TerminalSettings.TryRead(Input) ?? throw ContainerException.Invalid("Standard input is not a terminal."));

    /// <summary>Shows what the program writes.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        modes.Watch(bytes);
        WriteAll(bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        Restore();
        Resized.Dispose();
    }

    /// <summary>A handler may still be on its way when its registration is disposed of.</summary>
    private void NoteResize()
    {
        lock (gate)
        {
            if (!isRestored)
                Polling.SetEvent(Resized);
        }
    }

    private void Restore()
    {
        lock (gate)
        {
            if (isRestored)
                return;
            isRestored = true;
            WriteAll(modes.Undo());
            try
            {
                TerminalSettings.Write(Input, settings);
            }
            catch (SyscallException)
            {
                // EIO: the terminal itself has gone.
            }
        }
    }

    private static void WriteAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Files.TryWrite(Output, bytes);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else if (Marshal.GetLastPInvokeError() == Errno.EAGAIN)
                _ = Polling.Wait([new Polling.Entry { Descriptor = Output, Events = Polling.POLLOUT }]);
            else
                return;
        }
    }
}
