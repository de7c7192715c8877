using System.Text;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Logs;

public sealed class LogReadingTests : IDisposable
{
    private readonly HandmadeLog log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public void A_line_has_its_time_its_stream_and_its_container()
    {
        log.Add("out F one", "err F two");

        var line = log.Read(new LogSelection()).Last();

        Assert.Equal(
            (HandmadeLog.TimeOf(1), ContainerLogStream.Stderr, "two", "bird", log.Container.Id),
            (line.Time, line.Stream, line.Text, line.Name, line.Id));
    }

    [Fact]
    public void A_container_that_has_said_nothing_has_no_lines() => Assert.Empty(log.Texts());

    [Fact]
    public void It_prints_as_its_text_or_with_its_time()
    {
        log.Add("out F one");

        Assert.Equal("one", $"{log.Read(new LogSelection()).Single()}");
        Assert.Equal("2026-01-01T00:00:00.0000000Z one", $"{log.Read(new LogSelection { Timestamps = true }).Single()}");
    }

    [Fact]
    public void Parts_of_two_streams_interleave()
    {
        log.Add("out P one ", "err P eins ", "out P two ", "err F zwei", "out F three", "out F four");

        Assert.Equal(["eins zwei", "one two three", "four"], log.Texts());
    }

    [Fact]
    public void A_line_goes_on_in_the_next_file()
    {
        log.Add("out F zero", "out P one ");
        log.Rotate();
        log.Add("out P two ");
        log.Rotate();
        log.Add("out F three", "out F four");

        Assert.Equal(["zero", "one two three", "four"], log.Texts());
    }

    [Fact]
    public void A_line_may_be_longer_than_a_piece()
    {
        var piece = new string('x', 64 * 1024);
        log.Add("out F short", $"out P {piece}", $"out P {piece}", "out F end", "out F short");

        Assert.Equal(["short", piece + piece + "end", "short"], log.Texts());
        Assert.Equal([piece + piece + "end", "short"], log.Texts(new LogSelection { Tail = 2 }));
    }

    [Fact]
    public void A_line_that_never_ends_is_cut_before_it_fills_the_memory()
    {
        var piece = new string('x', 64 * 1024);
        log.Add([.. Enumerable.Repeat($"out P {piece}", 300), "out F end"]);

        var lengths = log.Texts().Select(text => text.Length).ToList();

        Assert.Equal([16 * 1024 * 1024, (44 * piece.Length) + 3], lengths);
    }

    [Fact]
    public void A_last_line_without_an_end_is_a_line()
    {
        log.Add("out F one", "err P oops", "out P two");

        Assert.Equal(["one", "oops", "two"], log.Texts());
    }

    [Fact]
    public void What_a_run_left_without_an_end_does_not_go_on_in_the_next_run()
    {
        log.Add("out P first run, killed with its monitor", "out P second run, ", "out F whole");
        log.PretendToRun(HandmadeLog.TimeOf(1));

        Assert.Equal(["first run, killed with its monitor", "second run, whole"], log.Texts());
        Assert.Equal(["second run, whole"], log.Texts(new LogSelection { Tail = 1 }));
    }

    [Fact]
    public void What_is_not_UTF8_is_replaced_and_a_character_may_be_cut()
    {
        log.Add("out F gr\u00C3\u00BCn", "out P gr\u00C3", "out F \u00BCn", "out F \u00FF\u00FE\0x", "out F cr\r");

        Assert.Equal(["grün", "grün", "\uFFFD\uFFFD\0x", "cr"], log.Texts());
    }

    [Theory]
    [InlineData("garbage\n")]
    [InlineData("\n\n")]
    [InlineData("2026-01-01T00:00:00.0000000Z\n")]
    [InlineData("2026-01-01T00:00:00.0000000Z stdin F x\n")]
    [InlineData("2026-01-01T00:00:00.0000000Z stdout X x\n")]
    [InlineData("2026-13-01T00:00:00.0000000Z stdout F x\n")]
    [InlineData("\0\0\0\n")]
    public void What_is_no_entry_is_passed_over(string garbage)
    {
        log.AddBytes(Encoding.Latin1.GetBytes(garbage));
        log.Add("out F one");
        log.AddBytes(Encoding.Latin1.GetBytes(garbage));
        log.Add("out F two");

        Assert.Equal(["one", "two"], log.Texts());
        Assert.Equal(["two"], log.Texts(new LogSelection { Tail = 1 }));
        Assert.Equal(["two"], log.Texts(new LogSelection { Since = HandmadeLog.TimeOf(1) }));
    }

    [Fact]
    public void Megabytes_without_an_end_of_line_are_passed_over()
    {
        log.Add("out F one");
        log.AddBytes(new byte[5 * 1024 * 1024]);
        log.AddBytes("\n"u8.ToArray());
        log.Add("out F two");

        Assert.Equal(["one", "two"], log.Texts());
        Assert.Equal(["one", "two"], log.Texts(new LogSelection { Tail = 2 }));
    }

    [Fact]
    public void An_entry_that_a_crash_cut_off_is_read_as_far_as_it_goes()
    {
        log.Add("out F one");
        log.AddBytes(Encoding.ASCII.GetBytes(HandmadeLog.Entry(1, "stdout", "F", "cut")[..^1]));

        Assert.Equal(["one", "cut"], log.Texts());
    }

    [Fact]
    public void Links_and_pipes_in_its_place_are_not_read()
    {
        File.WriteAllText($"{log.Container.Folder}/victim", HandmadeLog.Entry(0, "stdout", "F", "secret"));
        File.CreateSymbolicLink(log.Path, $"{log.Container.Folder}/victim");
        Tool.Run("mkfifo", $"{log.Path}.1");

        Assert.Empty(log.Texts());
    }
}
