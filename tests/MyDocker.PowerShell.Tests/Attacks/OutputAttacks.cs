using System.Diagnostics;
using System.Text.RegularExpressions;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed partial class OutputAttacks(Machine machine) : ContainerTest(machine)
{
    [Fact(DisplayName = "ATTACKS: logs: every line has its time and stream")]
    public void The_log_tells_time_and_stream()
    {
        var bird = Start(Name("bird"), "", "sh", "-c", "echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three");
        Session.Run($"Wait-Container {bird.Name}");

        var lines = File.ReadAllLines(bird.LogPath);

        Assert.Equal(["stdout F one", "stderr F two", "stdout P three", "stdout F "], lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        Assert.All(lines, line => Assert.Matches(LogTime(), line));
        Assert.All(lines, line => Assert.InRange(DateTimeOffset.Parse(line.Split(' ')[0], null), bird.StartedAt!.Value.AddSeconds(-1), DateTimeOffset.UtcNow));
    }

    [Fact(DisplayName = "ATTACKS: logs fill the disk; 200 MB of output keep the monitor's memory flat")]
    public void Logs_are_rotated_and_the_monitor_stays_small()
    {
        var line = new string('x', 99);
        var bird = Start(Name("bird"), "", "sh", "-c", $"yes {line} | head -c 100000000; yes {line} | head -c 100000000 >&2; echo done; exec sleep 300");
        var monitor = HostProcess.MonitorOf(bird);
        var before = HostProcess.Status(monitor, "VmHWM");
        Eventually.True(() => File.ReadAllText($"/proc/{bird.Pid}/cmdline").StartsWith("sleep", StringComparison.Ordinal), "all is written");

        Assert.InRange(HostProcess.Status(monitor, "VmHWM") - before, 0, 4096);
        var logs = Directory.GetFiles(bird.BundlePath, "container.log*").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["container.log", "container.log.1", "container.log.2"], logs.Select(path => Path.GetFileName(path)));
        Assert.All(logs, path => Assert.InRange(new FileInfo(path).Length, 1, 10_000_000));
        Session.Run($"Stop-Container {bird.Name}");
        Assert.EndsWith(" stdout F done", File.ReadLines(bird.LogPath).Last(), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "ATTACKS: stdout back-pressure makes stop hang")]
    public void A_reader_that_does_not_read_holds_up_nobody()
    {
        var name = Name("bird");
        using var slow = NewSession();
        using var reading = slow.Begin($"Invoke-Container -RootFileSystem $rootfs -Name {name} -Keep -- sh -c 'yes' | ForEach-Object {{ $_; [Threading.Thread]::Sleep(3000) }}");
        Eventually.True(() => reading.Output.Count == 1);

        var time = Stopwatch.StartNew();
        var stopped = Session.Run($"Stop-Container {name} -Timeout 1").Container;

        Assert.Equal(ContainerStatus.Stopped, stopped.Status);
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
        reading.Stop();
    }

    [Fact(DisplayName = "ATTACKS: stdout back-pressure: a container that writes without end can be stopped")]
    public void A_container_that_writes_without_end_can_be_stopped()
    {
        var bird = Start(Name("bird"), "", "yes");
        Thread.Sleep(200);

        var time = Stopwatch.StartNew();
        Assert.Equal(StopReason.UndeliverableSignal, Session.Run($"Stop-Container {bird.Name}").Container.StopReason);

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact(DisplayName = "ATTACKS: exit code always 255 or 0")]
    public void The_real_exit_code_comes_through()
    {
        foreach (var code in (int[])[0, 1, 3, 127, 254, 255])
        {
            Invoke("", "sh", "-c", $"exit {code}");
            Assert.Equal(code, Session.LastExitCode);
        }
    }

    [Fact(DisplayName = "ATTACKS: argv joined and split on spaces")]
    public void Arguments_are_not_split() =>
        Assert.Equal(["<a b>", "<>", "< >"], Invoke("", "printf", "<%s>\\n", "a b", "", " "));

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z (stdout|stderr) [FP] ")]
    private static partial Regex LogTime();
}
