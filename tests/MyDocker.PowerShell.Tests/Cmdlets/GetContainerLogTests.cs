using System.Diagnostics;
using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class GetContainerLogTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void Emits_typed_lines_that_print_as_their_text()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three");
        Session.Run($"Wait-Container {bird.Name}");

        var lines = Lines($"Get-ContainerLog {bird.Name}");

        Assert.Equal(
            [("one", ContainerLogStream.Stdout), ("two", ContainerLogStream.Stderr), ("three", ContainerLogStream.Stdout)],
            lines.Select(line => (line.Text, line.Stream)));
        Assert.All(lines, line => Assert.Equal((bird.Name, bird.Id), (line.Name, line.Id)));
        Assert.All(lines, line => Assert.InRange(line.Time, bird.StartedAt!.Value.AddSeconds(-1), DateTimeOffset.UtcNow));
        Assert.Equal(["one two three"], Session.Run($"\"$(Get-ContainerLog {bird.Name})\"").Lines);
        Assert.Equal(["two"], Session.Run($"(Get-ContainerLog {bird.Name} | Where-Object Stream -eq stderr).Text").Lines);
    }

    [Fact]
    public void By_default_a_line_is_shown_as_it_was_written()
    {
        var name = Name("bird");
        Start(name, "", "sh", "-c", "echo one; echo; printf '  '; seq -s ' ' 200");
        Session.Run($"Wait-Container {name}");

        Assert.Equal($"one\n\n  {string.Join(' ', Enumerable.Range(1, 200))}", OtherSession.Run($"Get-ContainerLog {name}", RootFileSystem));
    }

    [Fact]
    public void Each_run_begins_with_a_new_line()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "printf song");
        Session.Run($"Wait-Container {bird.Name}; Start-Container {bird.Name} | Wait-Container");

        Assert.Equal(["song", "song"], Texts($"Get-ContainerLog {bird.Name}"));
    }

    [Fact]
    public void Lines_come_in_the_length_they_have()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo short");
        Session.Run($"Wait-Container {bird.Name}");

        Assert.Equal([1_000_000, 5], Texts($"Get-ContainerLog {bird.Name}").Select(text => text.Length));
        Assert.Equal([1_000_000, 5], Texts($"Get-ContainerLog {bird.Name} -Tail 2").Select(text => text.Length));
    }

    [Theory]
    [InlineData("-Tail 2", "3", "4")]
    [InlineData("-Tail 0")]
    [InlineData("-Tail -1", "1", "2", "3", "4")]
    [InlineData("-Since $lines[2].Time", "3", "4")]
    [InlineData("-Until $lines[1].Time", "1", "2")]
    [InlineData("-Since $lines[1].Time -Until $lines[2].Time.UtcDateTime", "2", "3")]
    [InlineData("-Since $lines[1].Time -Tail 1", "4")]
    [InlineData("-Since 10m", "1", "2", "3", "4")]
    [InlineData("-Since ([TimeSpan]::FromMinutes(10)) -Until ([TimeSpan]::FromMinutes(9))")]
    [InlineData("-Until 10m")]
    [InlineData("-Since 2001-02-03 -Until (Get-Date)", "1", "2", "3", "4")]
    public void A_part_of_it(string selection, params string[] expected)
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "for i in 1 2 3 4; do echo $i; sleep 0.01; done");
        Session.Run($"Wait-Container {bird.Name}");

        // The hosted shell has no Get-Date.
        var script = $"$lines = Get-ContainerLog {bird.Name}; Get-ContainerLog {bird.Name} {selection.Replace("(Get-Date)", "([DateTime]::Now)", StringComparison.Ordinal)}";
        Assert.Equal(expected, Texts(script));
    }

    [Theory]
    [InlineData("-Tail -2")]
    [InlineData("-Since yesterday-ish")]
    [InlineData("-Until 10x")]
    public void What_means_nothing_does_not_bind(string selection) =>
        Assert.IsAssignableFrom<ParameterBindingException>(Assert.Single(Session.Try($"Get-ContainerLog x {selection}").Errors).Exception);

    [Fact]
    public void Timestamps_print_in_front()
    {
        var bird = Start(Name("bird"), "", "echo", "one");
        Session.Run($"Wait-Container {bird.Name}");

        var line = Assert.Single(Lines($"Get-ContainerLog {bird.Name} -Timestamps"));
        Assert.Equal($"{line.Time.UtcDateTime:O} one", line.ToString());
    }

    [Fact]
    public void Several_are_merged_by_time_with_their_names()
    {
        var (bird, fish) = (Name("bird"), Name("kingfisher"));
        foreach (var name in (string[])[bird, fish])
            Create(name, "", "hostname");

        Session.Run($"1..2 | ForEach-Object {{ foreach ($name in '{bird}', '{fish}') {{ Start-Container $name | Wait-Container }} }}");

        var lines = Lines($"Get-Container {All} | Get-ContainerLog");
        Assert.Equal([bird, fish, bird, fish], lines.Select(line => line.Name));
        Assert.Equal(lines.Select(line => $"{line.Name.PadRight(fish.Length)}  | {line.Text}"), lines.Select(line => line.ToString()));
        Assert.Equal([bird, fish], Lines($"Get-ContainerLog {bird}, {fish}, {bird} -Tail 1").Select(line => line.Name));
    }

    [Fact]
    public void One_that_is_not_there_does_not_keep_the_others()
    {
        var bird = Start(Name("bird"), "", "echo", "one");
        Session.Run($"Wait-Container {bird.Name}");

        var outcome = Session.Try($"'nosuch', '{bird.Name}' | Get-ContainerLog");

        Assert.StartsWith("ContainerNotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(outcome.Output);
    }

    [Fact]
    public void One_that_nobody_has_started_has_nothing_to_follow()
    {
        Create(Name("bird"), "", "true");

        Assert.Empty(Session.Run($"Get-ContainerLog {Name("bird")} -Follow").Output);
    }

    [Fact]
    public void Following_shows_a_line_at_once_and_ends_with_the_container()
    {
        var bird = StartReady(Name("bird"), "trap 'printf bye; exit' TERM; echo ready; while :; do sleep 0.05; done");
        using var following = Session.Begin($"Get-ContainerLog {bird.Name} -Follow");
        Eventually.True(() => following.Output.Count == 1);
        Assert.False(following.IsCompleted);

        using var other = NewSession();
        other.Run($"Stop-Container {bird.Name}");

        Assert.Equal(["ready", "bye"], Texts(following.Wait()));
    }

    [Fact]
    public void Following_many_rotations_loses_and_repeats_nothing()
    {
        // Fifteen files, of which three are kept.
        const int Count = 600_000;
        var script = $"trap 'go=1' USR1; echo ready; while [ -z $go ]; do sleep 0.01; done; i=1; while [ $i -lt {Count} ]; do seq $i $((i + 9999)); i=$((i + 10000)); sleep 0.02; done; printf end";
        var bird = Create(Name("bird"), "", "sh", "-c", script);
        LimitLog(bird, 2_000_000);
        bird = Session.Run($"Start-Container {bird.Name}").Container;
        using var following = Session.Begin($"(Get-ContainerLog {bird.Name} -Follow).Text");
        AwaitLog(bird, "ready");
        HostProcess.Signal(bird.Pid!.Value, Mono.Unix.Native.Signum.SIGUSR1);

        var outcome = following.Wait();

        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Warnings);
        Assert.Equal(["ready", .. Enumerable.Range(1, Count).Select(number => $"{number}"), "end"], outcome.Lines);
        Assert.InRange(Directory.GetFiles(bird.BundlePath, "container.log*").Sum(path => new FileInfo(path).Length), 1, 7_000_000);
    }

    [Fact]
    public void Following_ends_when_the_container_is_removed()
    {
        var bird = StartReady(Name("bird"), "echo ready; exec sleep 300");
        using var following = Session.Begin($"Get-ContainerLog {bird.Name} -Follow");
        Eventually.True(() => following.Output.Count == 1);

        using var other = NewSession();
        other.Run($"Remove-Container {bird.Name} -Force");

        Assert.Equal(["ready"], Texts(following.Wait()));
    }

    [Fact]
    public void Following_one_that_removes_itself_shows_its_last_words()
    {
        var bird = StartReady(Name("bird"), "trap 'seq 1000; exit' TERM; echo ready; while :; do sleep 0.05; done", "-AutoRemove");
        using var following = Session.Begin($"Get-ContainerLog {bird.Name} -Follow");
        Eventually.True(() => following.Output.Count == 1);

        HostProcess.Signal(bird.Pid!.Value, Mono.Unix.Native.Signum.SIGTERM);

        Assert.Equal(["ready", .. Enumerable.Range(1, 1000).Select(number => $"{number}")], Texts(following.Wait()));
    }

    [Fact]
    public void Following_ends_with_the_container_when_its_monitor_was_killed()
    {
        var bird = StartReady(Name("bird"), "echo ready; exec sleep 300");
        using var following = Session.Begin($"Get-ContainerLog {bird.Name} -Follow");
        Eventually.True(() => following.Output.Count == 1);

        HostProcess.Kill(HostProcess.MonitorOf(bird));
        HostProcess.Kill(bird.Pid!.Value);

        Assert.Equal(["ready"], Texts(following.Wait()));
    }

    [Fact]
    public void Ctrl_C_ends_it_at_once()
    {
        var bird = StartReady(Name("bird"), "echo ready; exec sleep 300");
        using var following = Session.Begin($"Get-ContainerLog {bird.Name} -Follow");
        Eventually.True(() => following.Output.Count == 1);

        var time = Stopwatch.StartNew();
        following.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
        Assert.Equal(bird.Pid, Get(bird.Name).Pid);
    }

    [Fact]
    public void A_pipeline_that_wants_no_more_ends_it()
    {
        var bird = StartReady(Name("bird"), "echo ready; exec sleep 300");

        Assert.Equal(["ready"], Texts($"foreach ($once in 1) {{ Get-ContainerLog {bird.Name} -Follow | ForEach-Object {{ $_; break }} }}"));
    }

    [Fact]
    public void A_terminal_writes_to_standard_output()
    {
        var bird = Start(Name("bird"), "-Terminal", "sh", "-c", "echo one; echo two >&2");
        Session.Run($"Wait-Container {bird.Name}");

        Assert.Equal(
            [("one", ContainerLogStream.Stdout), ("two", ContainerLogStream.Stdout)],
            Lines($"Get-ContainerLog {bird.Name}").Select(line => (line.Text, line.Stream)));
    }

    /// <summary>As its maker would, before the first start.</summary>
    private static void LimitLog(ContainerInfo container, long size)
    {
        var path = $"{container.BundlePath}/{Container.BundleFile}";
        var before = File.ReadAllText(path);
        var after = before.Replace("\"mydocker.log.maximum-size\": \"10000000\"", $"\"mydocker.log.maximum-size\": \"{size}\"", StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }

    private ContainerLogLine[] Lines(string script) => [.. Session.Run(script).Output.Select(item => Assert.IsType<ContainerLogLine>(item.BaseObject))];

    private string[] Texts(string script) => Texts(Session.Run(script));

    private static string[] Texts(Outcome outcome) => [.. outcome.Output.Select(item => Assert.IsType<ContainerLogLine>(item.BaseObject).Text)];
}
