using System.Text;

namespace MyDocker.Tests.Terminals;

public class ScreenModesTests
{
    [Theory]
    [InlineData("plain text", "")]
    [InlineData("\x1b[?1049h", "\x1b[?1049l")]
    [InlineData("\x1b[?1049h text \x1b[?1049l", "")]
    [InlineData("\x1b[?25l", "\x1b[?25h")]
    [InlineData("\x1b[?25l\x1b[?25h", "")]
    [InlineData("\x1b[?7l", "\x1b[?7h")]
    [InlineData("\x1b[?7h", "")]
    [InlineData("\x1b[?1000;1006h", "\x1b[?1006l\x1b[?1000l")]
    [InlineData("\x1b[?2004h\x1b[?1049h\x1b[?25l\x1b[?2004l", "\x1b[?1049l\x1b[?25h")]
    [InlineData("\x1b[31m", "\x1b[0m")]
    [InlineData("\x1b[?1049h\x1b[1;31m", "\x1b[0m\x1b[?1049l")]
    [InlineData("\x1b[4h", "")]
    [InlineData("\x1b[?1$p", "")]
    [InlineData("?1049h", "")]
    [InlineData("\x1b\x1b[?1049h", "\x1b[?1049l")]
    [InlineData("\x1b[12\x1b[?1049h", "\x1b[?1049l")]
    [InlineData("\x1b[?1\x1b[?1049h", "\x1b[?1049l")]
    public void What_was_switched_on_is_switched_off_again(string output, string expected)
    {
        var modes = new ScreenModes();
        modes.Watch(Encoding.ASCII.GetBytes(output));
        Assert.Equal(expected, Encoding.ASCII.GetString(modes.Undo()));

        // Cut anywhere, it is still the same.
        var cut = new ScreenModes();
        foreach (var one in Encoding.ASCII.GetBytes(output))
            cut.Watch([one]);
        Assert.Equal(expected, Encoding.ASCII.GetString(cut.Undo()));
    }

    [Fact]
    public void A_sequence_without_an_end_takes_no_memory()
    {
        var modes = new ScreenModes();
        modes.Watch("\x1b[?"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000_000; i++)
            modes.Watch("1049;"u8);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Garbage_is_endured()
    {
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        var modes = new ScreenModes();

        modes.Watch(bytes);
        modes.Watch("\x1b[?99999999999999999999h\x1b[?;;;h\x1b["u8);
        for (var i = 0; i < 100_000; i++)
            modes.Watch("\x1b[?1;2;3h"u8);

        Assert.InRange(modes.Undo().Length, 1, 1_000_000);
    }
}
