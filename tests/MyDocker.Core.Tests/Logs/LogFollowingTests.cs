using System.Text;
using MyDocker.Logs;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Logs;

/// <summary>The test takes each line itself, so what happens between two lines is what the test says.</summary>
public sealed class LogFollowingTests : IDisposable
{
    private static readonly LogSelection Follow = new() { Follow = true };

    private readonly HandmadeLog log = new();
    private readonly CancellationTokenSource cancellation = new();
    private readonly List<string> warnings = [];

    public void Dispose()
    {
        cancellation.Dispose();
        log.Dispose();
    }

    [Fact]
    public async Task A_line_comes_as_it_is_written_and_the_end_with_the_run()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F one");
        using var lines = Begin();

        Assert.Equal("one", Take(lines));
        var next = Task.Run(() => Take(lines));
        await Waits(next);
        log.Add("out F two");
        Assert.Equal("two", await next);
        next = Task.Run(() => Take(lines));
        await Waits(next);
        log.PretendToEnd();
        Assert.Null(await next);
    }

    [Fact]
    public void What_does_not_run_is_read_to_its_end()
    {
        using (var nothing = Begin())
            Assert.Null(Take(nothing));
        log.Add("out F one", "out P two");
        log.PretendToRun(HandmadeLog.Beginning);
        log.PretendToEnd();

        using var lines = Begin();
        Assert.Equal(["one", "two"], TakeAll(lines));
    }

    [Fact]
    public async Task A_log_that_is_not_there_yet_is_followed_from_its_first_line()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        using var lines = Begin(Follow with { Tail = 5 });
        var first = Task.Run(() => Take(lines));
        await Waits(first);
        log.Add("out F one");
        Assert.Equal("one", await first);
    }

    [Fact]
    public void Rotations_between_two_lines_lose_and_repeat_nothing()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F one");
        using var lines = Begin();
        Assert.Equal("one", Take(lines));

        log.Add("out F two", "out P thr");
        log.Rotate();
        log.Add("out F ee", "out F four");
        log.Rotate();
        log.Add("out F five");
        log.PretendToEnd();

        Assert.Equal(["two", "three", "four", "five"], TakeAll(lines));
        Assert.Empty(warnings);
    }

    [Fact]
    public void What_is_rotated_away_while_its_reader_looks_on_is_held()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F 0");
        using var lines = Begin();
        for (var i = 1; i <= 10; i++)
        {
            // One line behind all the time, with ten rotations where three files are kept.
            log.Add($"out F {i} begins", $"out F {i}");
            Thread.Sleep(2);
            Assert.Equal(i == 1 ? "0" : $"{i - 1} begins", Take(lines));
            if (i > 1)
                Assert.Equal($"{i - 1}", Take(lines));
            log.Rotate();
        }

        log.PretendToEnd();
        Assert.Equal(["10 begins", "10"], TakeAll(lines));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(3, "half of a line and its end", "second", "third")]
    [InlineData(4, "second", "third", "fourth")]
    [InlineData(6, "fourth", "fifth", "sixth")]
    public void What_was_rotated_away_unseen_is_warned_of_and_glued_to_nothing(int rotations, params string[] expected)
    {
        log.Add("out F one", "out P half of a line");
        // No follower, as that would look while the files change.
        using var reader = new LogReader(log.Container, Follow, warnings.Add);
        reader.Begin();
        reader.Advance();
        Assert.Equal("one", reader.Line?.Text);

        foreach (var text in ((string[])[" and its end", "second", "third", "fourth", "fifth", "sixth"])[..rotations])
        {
            // Longer than the file system's clock ticks: by it is told which of two files is older.
            Thread.Sleep(20);
            log.Rotate();
            log.Add($"out F {text}");
        }

        reader.Complete();
        reader.LookForFiles();
        var texts = new List<string>();
        for (reader.Advance(); reader.Line is { } line; reader.Advance())
            texts.Add(line.Text);
        Assert.Equal(expected, texts);
        Assert.Equal(rotations > 3 ? 1 : 0, warnings.Count(warning => warning.Contains("bird", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tail_0_is_what_comes_from_now_on()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F old", "out P begun before");
        using var lines = Begin(Follow with { Tail = 0 });
        var first = Task.Run(() => Take(lines));
        await Waits(first);
        log.Add("out F , ended now");
        Assert.Equal("begun before, ended now", await first);
    }

    [Fact]
    public async Task A_line_waits_for_its_end_and_at_the_last_for_the_end_of_the_run()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out P Password: ");
        using var lines = Begin();
        var next = Task.Run(() => Take(lines));
        await Waits(next);
        log.PretendToEnd();
        Assert.Equal("Password: ", await next);
        Assert.Null(Take(lines));
    }

    [Fact]
    public async Task An_entry_that_is_half_written_waits_for_its_other_half()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        var entry = Encoding.ASCII.GetBytes(HandmadeLog.Entry(0, "stdout", "F", "whole"));
        using var lines = Begin();
        var next = Task.Run(() => Take(lines));
        foreach (var half in (byte[][])[entry[..40], entry[40..^2]])
        {
            log.AddBytes(half);
            await Waits(next);
        }

        log.AddBytes(entry[^2..]);
        Assert.Equal("whole", await next);
    }

    [Fact]
    public void A_container_that_is_removed_is_read_to_its_end()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F one", "out F two");
        using var lines = Begin();
        Assert.Equal("one", Take(lines));
        log.Add("out F three");
        log.PretendToEnd();
        log.Remove();

        Assert.Equal(["two", "three"], TakeAll(lines));
    }

    [Fact]
    public void A_run_that_is_over_is_not_followed_into_the_next()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F one");
        using var lines = Begin();
        Assert.Equal("one", Take(lines));
        log.PretendToEnd();
        log.PretendToRun(HandmadeLog.TimeOf(1), run: 2);

        Assert.Null(Take(lines));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        using var lines = Begin();
        var next = Task.Run(() => Take(lines));
        await Waits(next);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public void Until_ends_it()
    {
        log.PretendToRun(HandmadeLog.Beginning);
        log.Add("out F one");
        using var lines = Begin(Follow with { Until = DateTimeOffset.UtcNow.AddMilliseconds(300) });

        Assert.Equal(["one"], TakeAll(lines));
    }

    [Fact]
    public void Several_are_merged_by_time_each_with_its_name()
    {
        using var other = new HandmadeLog("kingfisher");
        log.Add("out F 0", "out F 1", "out F 2");
        other.Add("out F 0", "out F 1");

        Assert.Equal(
            ["bird        | 0", "kingfisher  | 0", "bird        | 1", "kingfisher  | 1", "bird        | 2"],
            Read(new LogSelection(), log, other).Select(line => line.ToString()));
        Assert.Equal(["0", "0", "1", "1", "2"], Read(Follow, log, other).Select(line => line.Text));
        Assert.Equal(["1", "2"], Read(new LogSelection { Tail = 1 }, log, other).Select(line => line.Text));
    }

    [Fact]
    public async Task Several_are_followed_until_all_have_ended()
    {
        using var other = new HandmadeLog("fish");
        log.PretendToRun(HandmadeLog.Beginning);
        other.PretendToRun(HandmadeLog.Beginning);
        using var lines = Read(Follow, log, other).GetEnumerator();
        var next = Task.Run(() => Take(lines));
        other.Add("out F one");
        Assert.Equal("fish  | one", await next);
        other.Add("out P two");
        other.PretendToEnd();
        Assert.Equal("fish  | two", Take(lines));
        next = Task.Run(() => Take(lines));
        await Waits(next);
        log.Add("out F three");
        Assert.Equal("bird  | three", await next);
        log.PretendToEnd();
        Assert.Null(Take(lines));
    }

    /// <summary>Nothing comes for a while.</summary>
    private static async Task Waits(Task<string?> next) => Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(100)));

    private static string? Take(IEnumerator<ContainerLogLine> lines) => lines.MoveNext() ? lines.Current.ToString() : null;

    private static List<string> TakeAll(IEnumerator<ContainerLogLine> lines)
    {
        var texts = new List<string>();
        while (Take(lines) is { } text)
            texts.Add(text);
        return texts;
    }

    private IEnumerator<ContainerLogLine> Begin(LogSelection? selection = null) => Read(selection ?? Follow, log).GetEnumerator();

    private IEnumerable<ContainerLogLine> Read(LogSelection selection, params HandmadeLog[] logs) => Container.ReadLogs(
        [.. logs.Select(each => each.Container)], selection, warnings.Add, failure => throw failure, cancellation.Token);
}
