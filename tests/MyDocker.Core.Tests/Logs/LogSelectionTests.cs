using System.Globalization;
using System.Text;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Logs;

public sealed class LogSelectionTests : IDisposable
{
    private readonly HandmadeLog log = new();

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    public void Tail_is_the_last_lines_from_whatever_file(int tail)
    {
        AddThreeFiles();

        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"line {i}").TakeLast(tail), log.Texts(new LogSelection { Tail = tail }));
    }

    [Fact]
    public void Tail_counts_lines_and_not_their_parts()
    {
        log.Add("out F zero", "out P a", "err P x", "out P b", "err F y", "out F c", "err P p", "out P q");

        string[] all = ["zero", "xy", "abc", "p", "q"];
        for (var tail = 0; tail <= all.Length; tail++)
            Assert.Equal(all.TakeLast(tail), log.Texts(new LogSelection { Tail = tail }));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(3, 5)]
    [InlineData(2, 6)]
    [InlineData(4, 4)]
    [InlineData(9, 20)]
    [InlineData(-5, -1)]
    public void Since_and_until_are_a_stretch_of_time(int since, int until)
    {
        AddThreeFiles();
        var selection = new LogSelection { Since = HandmadeLog.TimeOf(since), Until = HandmadeLog.TimeOf(until) };

        var expected = Enumerable.Range(0, 9).Where(i => i >= since && i <= until).Select(i => $"line {i}").ToList();
        Assert.Equal(expected, log.Texts(selection));
        Assert.Equal(expected.TakeLast(2), log.Texts(selection with { Tail = 2 }));
    }

    [Fact]
    public void A_line_counts_from_the_time_when_it_was_complete()
    {
        log.Add("out P one ", "err F oops", "out F two");

        Assert.Equal(["one two"], log.Texts(new LogSelection { Since = HandmadeLog.TimeOf(2) }));
        Assert.Equal(["oops"], log.Texts(new LogSelection { Until = HandmadeLog.TimeOf(1) }));
    }

    [Fact]
    public void Every_moment_is_found_in_a_big_log()
    {
        // Entries of very different lengths, some longer than a block.
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
            log.Add($"out F {i} {new string('x', random.Next(20) == 0 ? random.Next(150_000) : random.Next(2_000))}");

        for (var i = 0; i < 300; i += 7)
        {
            var first = log.Texts(new LogSelection { Since = HandmadeLog.TimeOf(i).AddTicks(-1) }).First();
            Assert.Equal($"{i}", first.Split(' ')[0]);
            Assert.Equal($"{i}", log.Texts(new LogSelection { Tail = 300 - i }).First().Split(' ')[0]);
        }
    }

    [Fact]
    public void No_entry_is_passed_by_wherever_a_block_ends()
    {
        const int Count = 2_000;
        log.Add([.. Enumerable.Range(0, Count).Select(i => "out F x")]);
        var entry = HandmadeLog.Entry(0, "stdout", "F", "x").Length;
        // Each time the blocks, which count from the end, end one byte later in an entry.
        for (var shift = 0; shift <= entry; shift++)
        {
            Assert.Equal(Count - 1, log.Texts(new LogSelection { Tail = Count - 1 }).Count());
            log.AddBytes("\n"u8.ToArray());
        }
    }

    [Fact]
    public void A_gigabyte_is_not_read_for_its_last_lines()
    {
        // A line, a hole of a gigabyte, and then what is asked for.
        log.Add("out F first");
        using (var file = new FileStream(log.Path, FileMode.Open))
            file.SetLength(1L << 30);
        log.AddBytes("\n"u8.ToArray());
        log.Add([.. Enumerable.Range(1, 1000).Select(i => $"out F line {i}")]);

        var before = BytesRead();
        var texts = log.Texts(new LogSelection { Tail = 10 }).ToList();

        Assert.InRange(BytesRead() - before, 1, 20_000_000);
        Assert.Equal(Enumerable.Range(991, 10).Select(i => $"line {i}"), texts);
    }

    [Fact]
    public void A_big_log_is_not_read_for_a_moment_or_a_few_lines()
    {
        WriteManyLines();

        var before = BytesRead();
        // Taken by one: what was not asked for is not read.
        var first = log.Texts(new LogSelection { Since = HandmadeLog.TimeOf(100) }).First();
        var last = log.Texts(new LogSelection { Tail = 10 }).ToList();

        Assert.StartsWith("100 0 ", first, StringComparison.Ordinal);
        Assert.Equal(10, last.Count(text => text.StartsWith("127 ", StringComparison.Ordinal)));
        Assert.InRange(BytesRead() - before, 1, 3_000_000);
    }

    private void AddThreeFiles()
    {
        for (var i = 0; i < 9; i++)
        {
            if (i is 3 or 6)
                log.Rotate();
            log.Add($"out F line {i}");
        }
    }

    /// <summary>128 seconds, a mebibyte of lines for each.</summary>
    private void WriteManyLines()
    {
        var text = new StringBuilder();
        var padding = new string('x', 1000);
        using var file = new FileStream(log.Path, FileMode.Create);
        for (var second = 0; second < 128; second++)
        {
            text.Clear();
            for (var line = 0; text.Length < 1 << 20; line++)
                text.Append(HandmadeLog.Entry(second, "stdout", "F", $"{second} {line} {padding}"));
            file.Write(Encoding.ASCII.GetBytes(text.ToString()));
        }
    }

    /// <summary>What this thread has read so far; see proc_pid_io(5).</summary>
    private static long BytesRead() => long.Parse(
        File.ReadLines("/proc/thread-self/io").First(line => line.StartsWith("rchar: ", StringComparison.Ordinal))[7..], CultureInfo.InvariantCulture);
}
