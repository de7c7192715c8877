using System.Buffers.Binary;

namespace MyDocker;

/// <summary>The terminal of a container's main process, which belongs to the monitor: keys and output go over its socket.</summary>
internal sealed class AttachTerminal : TerminalConnection
{
    private readonly AttachSession session;
    private bool hasBeenResized;

    public AttachTerminal(AttachSession session) => this.session = session;

    public override int Output => session.Number;

    public override int End => -1;

    public override bool HasEnded => session.Number < 0;

    public override int Read(Span<byte> buffer)
    {
        // A message is never longer than what the relay reads with.
        var length = 0;
        var target = buffer.ToArray();
        _ = session.TryReceive((bytes, _) =>
        {
            bytes.CopyTo(target);
            length = bytes.Length;
        });
        target.AsSpan(0, length).CopyTo(buffer);
        return length;
    }

    public override void TakeEnd()
    {
    }

    public override int Write(ReadOnlySpan<byte> typed)
    {
        typed = typed[..Math.Min(typed.Length, AttachMessages.MaximumInput)];
        return session.Send(AttachMessages.Input, typed) == Interop.Errno.EAGAIN ? 0 : typed.Length;
    }

    public override void Resize(TerminalSize size)
    {
        // Whoever comes first sees nothing of what is on the screen already: a program that is told of two new sizes draws it again.
        if (!hasBeenResized)
            Send(size with { Rows = (ushort)(size.Rows + 1) });
        hasBeenResized = true;
        Send(size);
    }

    private void Send(TerminalSize size)
    {
        Span<byte> content = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(content, size.Columns);
        BinaryPrimitives.WriteUInt16LittleEndian(content[2..], size.Rows);
        _ = session.Send(AttachMessages.Resize, content);
    }
}
