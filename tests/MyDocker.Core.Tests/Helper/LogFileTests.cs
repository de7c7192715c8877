using System.Text;
using MyDocker.Helper.Monitor;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Helper;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Path => folder["container.log"];

    [Fact]
    public void A_line_has_its_time_its_stream_and_whether_it_is_whole()
    {
        var before = DateTime.UtcNow;
        using (var log = new LogFile(Path, 10_000, 3))
        {
            log.Append(LogStream.Output, "first\nsecond\n\nhalf"u8);
            log.Append(LogStream.Error, "other half\n"u8);
        }

        var lines = File.ReadAllLines(Path).Select(line => line.Split(' ', 4)).ToList();
        Assert.All(lines, line => Assert.InRange(
            DateTimeOffset.ParseExact(line[0], "O", null).UtcDateTime, before, DateTime.UtcNow));
        Assert.Equal(
            ["stdout F first", "stdout F second", "stdout F ", "stdout P half", "stderr F other half"],
            lines.Select(line => string.Join(' ', line[1..])));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_run_ends_the_lines_that_it_has_left_open()
    {
        using (var log = new LogFile(Path, 10_000, 3))
        {
            log.Append(LogStream.Output, "half"u8);
            log.Append(LogStream.Error, "whole\n"u8);
            log.EndLines();
            log.EndLines();
        }

        Assert.Equal(["stdout P half", "stderr F whole", "stdout F "], File.ReadAllLines(Path).Select(line => line[29..]));
    }

    [Fact]
    public void Bytes_are_kept_as_they_came()
    {
        byte[] bytes = [0xFF, 0, 0x1B, (byte)'\r', (byte)'\n'];
        using (var log = new LogFile(Path, 10_000, 3))
            log.Append(LogStream.Output, bytes);
        Assert.EndsWith(" stdout F \u00FF\0\u001B\r\n", File.ReadAllText(Path, Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "stdout back-pressure makes stop hang; logs fill the disk")]
    public void It_goes_on_in_a_new_file_and_keeps_as_many_as_it_may()
    {
        const int Maximum = 2_000;
        using (var log = new LogFile(Path, Maximum, 3))
        {
            for (var i = 0; i < 500; i++)
                log.Append(LogStream.Output, Encoding.ASCII.GetBytes($"line {i:D4}\n"));
        }

        Assert.Equal(["container.log", "container.log.1", "container.log.2"], Names());
        Assert.All(Names(), name => Assert.InRange(new FileInfo(folder[name]).Length, 1, Maximum));
        // The last lines, without a gap, the oldest file first.
        var numbers = Names().Reverse().SelectMany(name => File.ReadAllLines(folder[name])).Select(line => int.Parse(line[^4..], null)).ToList();
        Assert.Equal(Enumerable.Range(numbers[0], numbers.Count), numbers);
        Assert.Equal(499, numbers[^1]);
    }

    [Fact]
    public void One_file_only_begins_again()
    {
        using (var log = new LogFile(Path, 100, 1))
        {
            for (var i = 0; i < 10; i++)
                log.Append(LogStream.Output, Encoding.ASCII.GetBytes($"line {i}\n"));
        }

        Assert.Equal(["container.log"], Names());
        Assert.EndsWith("line 9\n", File.ReadAllText(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_is_there_is_continued()
    {
        for (var run = 0; run < 2; run++)
        {
            using var log = new LogFile(Path, 10_000, 3);
            log.Append(LogStream.Output, "x\n"u8);
        }

        Assert.Equal(2, File.ReadAllLines(Path).Length);
    }

    [Fact]
    public void A_link_in_its_place_is_not_written_through()
    {
        File.WriteAllText(folder["victim"], "untouched");
        File.CreateSymbolicLink(Path, folder["victim"]);
        using (var log = new LogFile(Path, 10_000, 3))
            log.Append(LogStream.Output, "x\n"u8);
        Assert.Equal("untouched", File.ReadAllText(folder["victim"]));
    }

    [Fact]
    public void A_full_disk_loses_lines_and_throws_nothing()
    {
        using var disk = new SmallDisk();
        using var log = new LogFile(disk["container.log"], 10_000_000, 3);
        log.Append(LogStream.Output, "a line that found some\n"u8);
        disk.Fill();
        for (var i = 0; i < 1_000; i++)
            log.Append(LogStream.Output, "a line that finds no room\n"u8);
        File.Delete(disk["filler"]);
        log.Append(LogStream.Output, "room again\n"u8);
        Assert.Matches(@"^\d{4}-\S+Z stdout F room again$", File.ReadLines(disk["container.log"]).Last());
    }

    private IEnumerable<string> Names() => Directory.GetFiles(folder.Path).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
