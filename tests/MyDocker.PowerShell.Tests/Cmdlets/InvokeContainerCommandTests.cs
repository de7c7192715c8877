using System.Diagnostics;
using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>What goes in and comes out.</summary>
public sealed class InvokeContainerCommandTests(Machine machine) : CommandTest(machine)
{
    [Fact]
    public void Lines_of_standard_output_come_out()
    {
        StartBird();

        Assert.Equal(["one", "two", "", "three"], Exec("", "sh", "-c", "printf 'one\\ntwo\\r\\n\\nthree'"));
        Assert.Equal(["tweet"], Session.Run($"Exec-Container {Bird} echo tweet").Lines);
    }

    [Fact]
    public void A_line_comes_while_the_command_still_runs()
    {
        StartBird();
        using var running = Session.Begin($"Invoke-ContainerCommand {Bird} -- sh -c 'echo one; sleep 300'");

        Eventually.True(() => running.Output.Count == 1);
        Assert.False(running.IsCompleted);
        running.Stop();
    }

    [Theory]
    [InlineData("exit 0", 0, true)]
    [InlineData("echo err >&2; exit 0", 0, true)]
    [InlineData("exit 3", 3, false)]
    [InlineData("exit 255", 255, false)]
    [InlineData("kill -TERM $$", 128 + 15, false)]
    [InlineData("kill -KILL $$", 128 + 9, false)]
    public void The_exit_code_is_left_for_the_session(string script, int exitCode, bool succeeded)
    {
        StartBird();

        var outcome = Session.Run($"Invoke-ContainerCommand {Bird} -- sh -c $args[0] 2>$null; $?", script);

        Assert.Equal(succeeded, Assert.Single(outcome.Output).BaseObject);
        Assert.Equal(exitCode, Session.LastExitCode);
    }

    [Theory]
    [InlineData("Continue")]
    [InlineData("Stop")]
    public void Lines_of_standard_error_are_error_records_and_never_the_end_of_a_script(string preference)
    {
        StartBird();

        var outcome = Session.Run($"$ErrorActionPreference = '{preference}'; Invoke-ContainerCommand {Bird} -- sh -c 'echo oops >&2; sleep 0.2; echo out; printf rest >&2; exit 4' 2>&1; 'went on'");

        Assert.Equal(["oops", "out", "rest", "went on"], outcome.Output.Select(item => item.ToString()));
        Assert.Equal([true, false, true, false], outcome.Output.Select(item => item.BaseObject.GetType().FullName == "MyDocker.ErrorLine"));
        Assert.Equal(4, Session.LastExitCode);
    }

    [Fact]
    public void Unredirected_standard_error_goes_to_the_error_stream()
    {
        StartBird();

        var outcome = Session.Try($"$ErrorActionPreference = 'Stop'; Invoke-ContainerCommand {Bird} -- sh -c 'echo oops >&2; echo out'");

        Assert.Equal(["out"], outcome.Lines);
        Assert.Equal("MyDocker.ErrorLine: oops", Assert.Single(outcome.Errors) is var line ? $"{line.GetType()}: {line}" : "");
    }

    [Fact]
    public void The_pipeline_is_standard_input_line_by_line()
    {
        StartBird();

        Assert.Equal(["a", "b c", "", "7", "grün"], Session.Run($"'a', 'b c', '', 7, 'grün' | Invoke-ContainerCommand {Bird} cat").Lines);
        Assert.Equal(Enumerable.Range(1, 1000).Select(number => $"{number}"), Session.Run($"1..1000 | Invoke-ContainerCommand {Bird} cat").Lines);
        Assert.Equal(["6"], Session.Run($"Invoke-ContainerCommand {Bird} -InputObject 'hello' -- wc -c").Lines);
    }

    [Fact]
    public void Without_a_pipeline_standard_input_is_empty()
    {
        StartBird();

        Assert.Equal(["0"], Exec("", "wc", "-c"));
    }

    [Fact]
    public void A_command_that_reads_no_more_ends_and_the_rest_goes_nowhere()
    {
        StartBird();

        Assert.Equal(["1"], Session.Run($"1..20000 | Invoke-ContainerCommand {Bird} -- head -n 1").Lines);
        Assert.Equal(0, Session.LastExitCode);
        Session.Run($"1..20000 | Invoke-ContainerCommand {Bird} -- sh -c 'exec < /dev/null; exit 5'");
        Assert.Equal(5, Session.LastExitCode);
    }

    [Fact]
    public void One_that_says_more_than_it_reads_blocks_nobody()
    {
        StartBird();

        // Each line in becomes a thousand out: both pipes are full at the same time.
        var outcome = Session.Run($"1..500 | Invoke-ContainerCommand {Bird} -- sh -c 'while read n; do seq 1000; done' | ForEach-Object {{ $count++ }}; $count");

        Assert.Equal(500_000, Assert.Single(outcome.Output).BaseObject);
    }

    [Fact]
    public void Bytes_stay_bytes()
    {
        StartBird();
        var all = Enumerable.Range(0, 256).Select(number => (byte)number).ToArray();

        Assert.Equal(all, Bytes($"$args[0] | Invoke-ContainerCommand {Bird} -AsByteStream cat", all));
        Assert.Equal(all, Bytes($", $args[0] | Invoke-ContainerCommand {Bird} -AsByteStream cat", all));
        Assert.Equal([255, 0, 13, 10], Bytes($"Invoke-ContainerCommand {Bird} -AsByteStream -- printf '\\377\\000\\r\\n'"));
    }

    [Fact]
    public void A_hundred_megabytes_go_in_and_come_out_unchanged_in_flat_memory()
    {
        StartBird();

        // Memory is that of a session's process of its own: its peak with a hundred megabytes beside that with ten.
        var lines = OtherSession.Run($$"""
            function Peak { [long]([IO.File]::ReadAllLines('/proc/self/status').Where({ $_.StartsWith('VmHWM:') })[0] -replace '\D') }
            function Send($chunks) {
                $chunk = [byte[]]::new(1MB); [Random]::new(7).NextBytes($chunk)
                $in, $out = foreach ($i in 1, 2) { [Security.Cryptography.IncrementalHash]::CreateHash('SHA256') }
                & { for ($i = 0; $i -lt $chunks; $i++) { $chunk[0] = $i; $in.AppendData($chunk); , $chunk } } |
                    Invoke-ContainerCommand {{Bird}} -AsByteStream cat | ForEach-Object { $out.AppendData($_); $script:length += $_.Length }
                [Convert]::ToHexString($in.GetHashAndReset()) -eq [Convert]::ToHexString($out.GetHashAndReset())
            }
            Send 10
            $before = Peak
            $length = 0
            Send 100
            $length
            (Peak) - $before
            """, RootFileSystem).Split('\n');

        Assert.Equal(["True", "True", $"{100 << 20}"], lines[..3]);
        Assert.InRange(long.Parse(lines[3], null), 0, 30_000);
    }

    [Fact]
    public void Arguments_arrive_as_they_were_given()
    {
        StartBird();
        string[] awkward = ["two words", "", "it's", "\"quoted\"", "a\nb", "grün 🐦", "*", "$HOME", "-x", "--", " ", "\\"];

        var lines = Exec("", ["sh", "-c", "for word; do printf '%s\\0' \"$word\"; done | od -An -v -tx1", "sh", .. awkward]);

        Assert.Equal(string.Concat(awkward.Select(word => word + "\0")), System.Text.Encoding.UTF8.GetString(Convert.FromHexString(string.Concat(lines).Replace(" ", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void Several_containers_one_after_another()
    {
        Start(Name("bird"), "-Hostname one", "sleep", "300");
        Start(Name("robin"), "-Hostname two", "sleep", "300");
        Create(Name("ibis"), "", "true");

        Assert.Equal(["one", "two"], Session.Run($"Invoke-ContainerCommand {Name("bird")}, {Name("robin")} hostname").Lines);
        Assert.Equal(["one", "two"], Session.Run($"Get-Container {Name("bird")}, {Name("robin")} | Invoke-ContainerCommand -Command hostname").Lines.Order());
        // A wildcard means those that run.
        Assert.Equal(["one", "two"], Session.Run($"Invoke-ContainerCommand {All} hostname").Lines.Order());
        Session.Fail(ContainerError.ContainerNotRunning, $"Invoke-ContainerCommand {Name("ibis")} hostname");
        Session.Fail(ContainerError.InvalidArgument, $"1 | Invoke-ContainerCommand {All} cat");
        Session.Fail(ContainerError.InvalidArgument, $"1 | Invoke-ContainerCommand {Name("bird")} -Detach cat");
        Session.Fail(ContainerError.InvalidArgument, "1 | Invoke-ContainerCommand -Command cat");
        Session.Fail(ContainerError.ContainerNotFound, "Invoke-ContainerCommand nosuch cat");
    }

    [Fact]
    public void What_if_executes_nothing()
    {
        StartBird();

        Session.Run($"Invoke-ContainerCommand {Bird} touch /touched -WhatIf; 1 | Invoke-ContainerCommand {Bird} touch /touched -WhatIf");

        Assert.Contains("Execute touch /touched", Session.Host.Text, StringComparison.Ordinal);
        Assert.Equal(["missing"], Exec("", "sh", "-c", "test -e /touched || echo missing"));
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc")]
    public void A_command_that_is_none(string command)
    {
        StartBird();

        var error = Refuse(ContainerError.CommandNotFound, "", command);

        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Contains($"'{command}'", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_does_not_run_says_so_at_once()
    {
        Create(Bird, "", "sleep", "300");
        RequireNotRunning("start it first");
        Session.Run($"Start-Container {Bird}");
        var cgroup = Cgroups.Cgroup.Of(Get(Bird).Id);
        cgroup.Freeze();
        try
        {
            RequireNotRunning("paused");
        }
        finally
        {
            cgroup.Thaw();
        }

        Session.Run($"Stop-Container {Bird}");
        RequireNotRunning("start it first");
    }

    private byte[] Bytes(string script, params object[] arguments) => [.. Session.Run(script, arguments).Output.SelectMany(item => Assert.IsType<byte[]>(item.BaseObject))];

    private void RequireNotRunning(string words)
    {
        var time = Stopwatch.StartNew();
        var error = Refuse(ContainerError.ContainerNotRunning, "", "echo", "ran");
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1);
        Assert.Contains(words, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
    }
}
