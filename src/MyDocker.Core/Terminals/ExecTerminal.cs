using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>The terminal of a command that was executed for us: its master is ours, its end comes from the helper.</summary>
/// <param name="session">The command.</param>
/// <param name="master">Our side of the terminal.</param>
internal sealed class ExecTerminal(ExecSession session, FileDescriptor master) : TerminalConnection
{
    private bool isHungUp;

    public override int Output => isHungUp ? -1 : master.Number;

    public override int End => session.Channel.Number;

    public override bool HasEnded => session.ExitCode is not null;

    public override int Read(Span<byte> buffer)
    {
        if (isHungUp)
            return 0;
        var length = Files.TryRead(master.Number, buffer);
        // EIO: nobody has the other side open any more; that the command has ended is told apart from that.
        isHungUp = length == 0 || (length < 0 && Marshal.GetLastPInvokeError() != Errno.EAGAIN);
        return Math.Max(0, (int)length);
    }

    public override void TakeEnd() => session.ReceiveEnd();

    public override int Write(ReadOnlySpan<byte> typed)
    {
        var written = Files.TryWrite(master.Number, typed);
        return written >= 0 ? (int)written : Marshal.GetLastPInvokeError() == Errno.EAGAIN ? 0 : typed.Length;
    }

    public override void Resize(TerminalSize size) => Terminals.SetSize(master, size);
}
