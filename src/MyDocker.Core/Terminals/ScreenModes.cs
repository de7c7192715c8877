using System.Text;

namespace MyDocker;

/// <summary>
/// Which of a terminal's private modes a program has switched on (DECSET, "CSI ? n h"; see console_codes(4)), to switch them off again
/// when it can't do so itself: the alternate screen, mouse reports, bracketed paste, a hidden cursor.
/// </summary>
internal sealed class ScreenModes
{
    private const int CursorVisible = 25;

    /// <summary>More modes than that in one sequence no program sets; an endless one must not grow here.</summary>
    private const int MostParameters = 32;

    /// <summary>Those whose normal state is on.</summary>
    private static readonly int[] UsuallyOn = [CursorVisible, 7];

    private readonly SortedSet<int> changed = [];
    private readonly List<int> parameters = [];
    private State state;
    private int number;
    private bool hasAttributes;

    private enum State
    {
        Text,
        Escape,
        Sequence,
        PrivateMode,
    }

    /// <summary>Looks at what a program writes; a sequence may be cut anywhere.</summary>
    public void Watch(ReadOnlySpan<byte> output)
    {
        foreach (var one in output)
            state = Next((char)one);
    }

    /// <summary>What puts the terminal back; empty where nothing is to be put back.</summary>
    public byte[] Undo()
    {
        var text = new StringBuilder();
        if (hasAttributes)
            text.Append("\x1b[0m");
        foreach (var mode in changed.Reverse())
            text.Append("\x1b[?").Append(mode).Append(UsuallyOn.Contains(mode) ? 'h' : 'l');
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private State Next(char one)
    {
        // In the middle of a sequence, too, it begins another one.
        if (one == '\x1b')
            return State.Escape;
        switch (state)
        {
            case State.Text:
                return State.Text;
            case State.Escape:
                number = 0;
                parameters.Clear();
                return one == '[' ? State.Sequence : State.Text;
            case State.Sequence when one == '?':
                return State.PrivateMode;
            case State.Sequence:
                hasAttributes |= one == 'm';
                return one is >= '0' and <= ';' ? State.Sequence : State.Text;
            default:
                return NextOfMode(one);
        }
    }

    private State NextOfMode(char one)
    {
        if (char.IsAsciiDigit(one))
        {
            number = Math.Min((number * 10) + (one - '0'), ushort.MaxValue);
            return State.PrivateMode;
        }

        if (parameters.Count < MostParameters)
            parameters.Add(number);
        number = 0;
        if (one == ';')
            return State.PrivateMode;
        foreach (var mode in one is 'h' or 'l' ? parameters : [])
            Note(mode, one == 'h');
        return State.Text;
    }

    private void Note(int mode, bool isOn)
    {
        if (isOn != UsuallyOn.Contains(mode))
            changed.Add(mode);
        else
            changed.Remove(mode);
    }
}
