using MyDocker.Processes;
using MyDocker.Tests.Fixture;
using Mono.Unix.Native;

namespace MyDocker.Tests.Settings;

public sealed class ProcessTests(Machine machine) : ContainerTest(machine)
{
    [Theory]
    [InlineData("0", "uid=0 gid=0 groups=0 home=/root")]
    [InlineData("bird", "uid=1000 gid=1001 groups=1001 1002 home=/home")]
    [InlineData("1000", "uid=1000 gid=1001 groups=1001 1002 home=/home")]
    [InlineData("bird:flock", "uid=1000 gid=1002 groups=1002 home=/home")]
    [InlineData("7:8", "uid=7 gid=8 groups=8 home=/")]
    public void The_user_is_looked_up_in_the_container(string user, string expected) =>
        Assert.Equal([expected], Invoke($"-User {user}", "sh", "-c", "echo uid=$(id -u) gid=$(id -g) groups=$(id -G) home=$HOME"));

    [Fact]
    public void Another_user_has_no_rights_of_root() =>
        Assert.Equal(["CapEff:\t0000000000000000", "refused"], Invoke("-User bird", "sh", "-c", "grep CapEff /proc/self/status; touch /etc/x 2> /dev/null || echo refused"));

    [Fact]
    public void The_working_directory_is_where_it_starts() => Assert.Equal(["/etc"], Invoke("-WorkingDirectory /etc", "pwd"));

    [Fact]
    public void The_environment_is_ours_and_nothing_of_the_sessions()
    {
        Environment.SetEnvironmentVariable("MYDOCKER_TESTS_SECRET", "secret");

        var variables = Invoke("-Environment @{ SONG = 'tweet tweet'; EMPTY = '' } -Hostname nest", "env").ToHashSet();

        Assert.Equal(
            ["EMPTY=", "HOME=/root", "HOSTNAME=nest", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "SONG=tweet tweet"],
            variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_host_name_is_its_own()
    {
        var host = Environment.MachineName;

        Assert.Equal(["nest"], Invoke("-Hostname nest", "hostname"));
        var bird = Start(Name("bird"), "", "sh", "-c", "hostname");
        Session.Run($"Wait-Container {bird.Name}");
        AwaitLog(bird, bird.Id[..12]);
        Assert.Equal(host, Environment.MachineName);
    }

    [Fact]
    public void It_sees_its_own_processes_only() => Assert.Equal(["1"], Invoke("", "sh", "-c", "echo $$"));

    [Fact]
    public void Signals_are_as_at_the_beginning()
    {
        var lines = Invoke("", "grep", "^Sig[BIC]", "/proc/self/status");

        Assert.Equal(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"], lines[..2]);
    }

    [Fact]
    public void Nothing_but_the_three_standard_streams_is_open() =>
        Assert.Equal(["0", "1", "2", "3"], Invoke("", "ls", "/proc/self/fd"));

    [Fact]
    public void A_terminal_is_one()
    {
        var lines = Invoke("-Terminal", "sh", "-c", "test -t 0 && test -t 1 && test -t 2 && echo terminal; tty; echo $TERM");

        Assert.Equal(["terminal", "/dev/pts/0", "xterm"], lines.Select(line => line == "/dev/console" ? "/dev/pts/0" : line));
    }

    [Fact]
    public void A_detached_container_may_have_a_terminal()
    {
        var bird = StartReady(Name("bird"), "test -t 0 && echo ready; exec sleep 300", "-Terminal");

        Assert.Equal(ContainerStatus.Running, bird.Status);
    }

    [Fact]
    public void Init_passes_signals_and_exit_codes_on()
    {
        var bird = StartReady(Name("bird"), "trap 'exit 5' USR1; echo ready; while :; do sleep 0.05; done", "-Init");

        var stopped = Session.Run($"Stop-Container {bird.Name} -Signal SIGUSR1 -Timeout 5").Container;

        Assert.Equal((StopReason.Exited, 5), (stopped.StopReason, stopped.ExitCode));
    }

    [Fact]
    public void Init_ends_with_its_command()
    {
        Start(Name("bird"), "-Init", "sh", "-c", "exit 3");

        Assert.Equal(3, Session.Run($"Wait-Container {Name("bird")} -Timeout 5").Container.ExitCode);
    }

    [Fact]
    public void Init_reaps_what_is_orphaned()
    {
        var bird = StartReady(Name("bird"), "(sleep 0.1 &); sleep 0.5; echo ready; exec sleep 300", "-Init");

        Assert.DoesNotContain(Directory.GetDirectories("/proc"), path =>
            int.TryParse(Path.GetFileName(path), out var pid) && ProcessStat.TryRead(pid)?.State == 'Z' && HostProcess.ParentOf(pid) == bird.Pid);
    }

    [Fact]
    public void A_signal_right_after_the_start_reaches_the_command_behind_init()
    {
        for (var round = 0; round < 5; round++)
        {
            Start(Name($"bird{round}"), "-Init", "sleep", "300");
            Assert.Equal(128 + (int)Signum.SIGTERM, Session.Run($"Stop-Container {Name($"bird{round}")} -Timeout 3").Container.ExitCode);
        }
    }
}
