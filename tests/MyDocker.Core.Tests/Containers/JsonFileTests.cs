using System.Text.Json;
using MyDocker.Interop;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder["exit.json"];

    public void Dispose() => folder.Dispose();

    internal static ExitRecord Record(int run) => new()
    {
        Run = run,
        Status = ContainerStatus.Exited,
        Reason = StopReason.Exited,
        ExitCode = run % 256,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(run),
    };

    private static ExitRecord? Read(string path) => JsonFile.TryRead<ExitRecord>(path);

    private static void Write(string path, ExitRecord record) => JsonFile.Replace(path, record);

    [Fact]
    public void What_is_not_there_is_null()
    {
        Assert.Null(Read(Path));
        Assert.Null(Read(folder["no/such/folder.json"]));
        File.WriteAllText(Path, "");
        Assert.Null(Read($"{Path}/below-a-file.json"));
    }

    [Fact]
    public void What_was_written_is_read_and_only_the_owner_may()
    {
        Write(Path, Record(1));
        Write(Path, Record(2));
        Assert.Equal(Record(2), Read(Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal([Path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    [Trait("Attack", "one folder without its JSON file makes every `ps` fatal; `ps` racing `stop` reads half a file")]
    public async Task A_reader_never_sees_half_a_file()
    {
        const int Replacements = 2_000;
        Write(Path, Record(0));
        var writer = Task.Run(
            () =>
            {
                for (var run = 1; run <= Replacements; run++)
                    // Of changing length, so that a mixture could not be whole.
                    Write(Path, Record(run) with { Unknown = new Dictionary<string, JsonElement> { ["padding"] = JsonSerializer.SerializeToElement(new string('x', run * 37 % 9_000)) } });
            },
            TestContext.Current.CancellationToken);

        var reads = 0;
        try
        {
            for (var last = 0; !writer.IsCompleted; reads++)
            {
                var seen = Read(Path);
                Assert.NotNull(seen);
                Assert.True(seen.Run >= last, $"Run {seen.Run} was read after {last}.");
                Assert.Equal(seen.Run * 37 % 9_000, seen.Unknown?["padding"].GetString()?.Length ?? 0);
                last = seen.Run;
            }
        }
        finally
        {
            await writer;
        }

        Assert.Equal(Replacements, Read(Path)!.Run);
        Assert.True(reads > 100, $"Only {reads} reads happened meanwhile.");
    }

    [Fact]
    [Trait("Attack", "state file truncated in place, mode 0622, read-modify-write without lock")]
    public void What_a_killed_writer_left_is_overcome()
    {
        Write(Path, Record(1));
        File.WriteAllText(Path + ".tmp", "{ \"run\": 9");
        Write(Path, Record(2));
        Assert.Equal(Record(2), Read(Path));
        Assert.False(File.Exists(Path + ".tmp"));
    }

    [Fact]
    public void A_link_in_the_place_of_the_temporary_file_is_not_written_through()
    {
        File.WriteAllText(folder["victim"], "untouched");
        File.CreateSymbolicLink(Path + ".tmp", folder["victim"]);
        Write(Path, Record(1));
        Assert.Equal("untouched", File.ReadAllText(folder["victim"]));
        Assert.Null(new FileInfo(Path).LinkTarget);
    }

    [Fact]
    public void Fields_of_a_later_version_are_kept()
    {
        File.WriteAllText(
            Path,
            """{"run":3,"status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:01Z","colour":{"of":["a",1,null]}}""");
        Write(Path, Read(Path)! with { Run = 4 });
        using var json = JsonDocument.Parse(File.ReadAllText(Path));
        Assert.Equal(4, json.RootElement.GetProperty("run").GetInt32());
        Assert.Equal("""{"of":["a",1,null]}""", JsonSerializer.Serialize(json.RootElement.GetProperty("colour")));
    }

    public static TheoryData<string, string> Hostile() => new()
    {
        { "empty", "" },
        { "null", "null" },
        { "white space", " \n" },
        { "truncated", """{"run":3,"status":"Exi""" },
        { "an array", "[]" },
        { "a string", "\"x\"" },
        { "a required field is missing", """{"run":3,"status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z"}""" },
        { "a wrong type", """{"run":"three","status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}""" },
        { "null for a number", """{"run":null,"status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}""" },
        { "a huge number", """{"run":99999999999999999999,"status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}""" },
        { "no such date", """{"run":3,"status":"Exited","reason":"Exited","startedAt":"2026-13-41","finishedAt":"2026-01-01T00:00:00Z"}""" },
        { "no such status", """{"run":3,"status":"Flying","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}""" },
        { "nested too deep", "{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}" },
        { "two documents", """{"run":3} {"run":4}""" },
        { "a comment", "/* */ {}" },
        { "zero bytes", new string('\0', 4096) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_is_no_such_record_is_an_error_that_names_the_file(string what, string text)
    {
        Assert.NotEmpty(what);
        File.WriteAllText(Path, text);
        AssertBroken();
    }

    [Fact]
    public void Bytes_that_are_no_text_are_an_error_that_names_the_file()
    {
        File.WriteAllBytes(Path, [(byte)'{', 0xFF, (byte)'}']);
        AssertBroken();
    }

    [Fact]
    public void Of_a_field_that_is_there_twice_the_last_counts()
    {
        File.WriteAllText(
            Path,
            """{"run":3,"run":4,"status":"Exited","reason":"Exited","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z","x":1,"x":2}""");
        Assert.Equal(4, Read(Path)!.Run);
    }

    [Fact]
    public void A_FIFO_is_refused_at_once()
    {
        Tool.Run("mkfifo", Path);
        AssertBroken();
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(Path);
        AssertBroken();
    }

    [Fact]
    public void A_link_is_refused()
    {
        Write(folder["other.json"], Record(1));
        File.CreateSymbolicLink(Path, folder["other.json"]);
        AssertBroken();
    }

    [Fact]
    public void A_huge_file_is_refused_unread()
    {
        using (var huge = File.Create(Path))
            huge.SetLength(1L << 40);
        AssertBroken();
    }

    [Fact]
    [Trait("Attack", "stdout back-pressure makes stop hang; logs fill the disk")]
    public void A_reservation_is_filled_on_a_full_disk()
    {
        using var disk = new SmallDisk();
        using var reservation = JsonFile.Reserve(disk["exit.json"]);
        Assert.Null(Read(disk["exit.json"]));
        disk.Fill();
        reservation.Fill(Record(5));
        Assert.Equal(Record(5), Read(disk["exit.json"]));
        Assert.False(File.Exists(disk["exit.json.tmp"]));
    }

    [Fact]
    public void A_reservation_finds_its_folder_wherever_it_was_moved()
    {
        Directory.CreateDirectory(folder["from"]);
        using var reservation = JsonFile.Reserve(folder["from/exit.json"]);
        Directory.Move(folder["from"], folder["to"]);
        reservation.Fill(Record(6));
        Assert.Equal(Record(6), Read(folder["to/exit.json"]));
        Assert.False(Directory.Exists(folder["from"]));
    }

    [Fact]
    public void On_a_full_disk_the_old_file_stays_and_nothing_half_made()
    {
        using var disk = new SmallDisk();
        Write(disk["exit.json"], Record(1));
        disk.Fill();
        var failure = Assert.Throws<ContainerException>(() => Write(disk["exit.json"], Record(2)));
        Assert.Equal(ContainerError.StateWriteFailed, failure.Error);
        Assert.Equal(disk["exit.json"], failure.Target);
        Assert.Equal(Record(1), Read(disk["exit.json"]));
        Assert.False(File.Exists(disk["exit.json.tmp"]));

        failure = Assert.Throws<ContainerException>(() => JsonFile.Reserve(disk["other.json"]));
        Assert.Equal(ContainerError.StateWriteFailed, failure.Error);
        Assert.False(File.Exists(disk["other.json.tmp"]));
    }

    [Fact]
    public void Without_its_folder_nothing_is_written()
    {
        var failure = Assert.Throws<ContainerException>(() => Write(folder["gone/exit.json"], Record(1)));
        Assert.Equal(ContainerError.StateWriteFailed, failure.Error);
        Assert.Equal(Errno.ENOENT, Assert.IsType<SyscallException>(failure.InnerException).Errno);
    }

    private void AssertBroken()
    {
        var broken = Assert.Throws<ContainerException>(() => Read(Path));
        Assert.Equal(ContainerError.ContainerStateInvalid, broken.Error);
        Assert.Equal(Path, broken.Target);
        Assert.Contains(Path, broken.Message, StringComparison.Ordinal);
    }
}
