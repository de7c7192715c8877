using System.Text;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

/// <summary>Start-Container -Attach and Enter-Container -Attach where nobody sits at a terminal, and the sessions below them.</summary>
public sealed class AttachTests(Machine machine) : ContainerTest(machine)
{
    private const string Echo = "while read line; do echo got $line; done; echo bye >&2; exit 4";

    [Fact]
    public void What_comes_down_the_pipeline_is_read_by_the_main_process()
    {
        Start(Name("bird"), "-Interactive", "sh", "-c", Echo);

        var outcome = Session.Try($"'one', 'two' | Enter-Container {Name("bird")} -Attach");

        Assert.Equal(["got one", "got two"], outcome.Output.Select(item => item.BaseObject).OfType<string>());
        Assert.Equal(ContainerStatus.Exited, Assert.Single(outcome.Output.Select(item => item.BaseObject).OfType<ContainerInfo>()).Status);
        Assert.Equal("bye", Assert.Single(outcome.Errors).ToString());
        Assert.Equal(4, Session.LastExitCode);
    }

    [Fact]
    public void Standard_input_stays_open_while_nobody_is_attached()
    {
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", $"echo ready; {Echo}");
        AwaitLog(container, "ready");

        using (var look = Attach(container))
            look.Write("one\n"u8, Ignore);
        AwaitLog(container, "got one");
        using (var look = Attach(container))
            look.Write("two\n"u8, Ignore);
        AwaitLog(container, "got two");

        Assert.Equal(ContainerStatus.Running, Get(container.Name).Status);
    }

    [Fact]
    public void A_started_and_attached_container_is_heard_from_its_first_word_on()
    {
        Create(Name("bird"), "-Terminal", "sh", "-c", "echo first; exit 3");

        var outcome = Session.Try($"Start-Container {Name("bird")} -Attach");

        Assert.Equal("first", outcome.Output[0].BaseObject);
        Assert.Equal(3, Assert.IsType<ContainerInfo>(outcome.Output[^1].BaseObject).ExitCode);
    }

    [Fact]
    public void Of_a_container_without_terminal_and_input_the_output_comes_too()
    {
        Create(Name("bird"), "", "sh", "-c", "seq 1 50000; exit 3");

        var outcome = Session.Try($"Start-Container {Name("bird")} -Attach");

        Assert.Equal(Enumerable.Range(1, 50000).Select(number => $"{number}"), outcome.Output.Select(item => item.BaseObject).OfType<string>());
        Assert.Equal(3, Session.LastExitCode);
    }

    [Fact]
    public void All_watchers_see_the_same()
    {
        var container = Start(Name("bird"), "-Terminal", "sh", "-c", "read go; seq 1 1000; exit 5");
        using var one = Attach(container);
        using var two = Attach(container);
        var (first, second) = (new MemoryStream(), new MemoryStream());

        one.Write("go\n"u8, Into(first));

        Assert.Equal(5, two.Watch(Into(second)));
        Assert.Equal(5, one.Watch(Into(first)));
        Assert.Equal(Text(first), Text(second));
        Assert.EndsWith("999\r\n1000\r\n", Text(first), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watcher_that_does_not_read_holds_nothing_up_and_is_told_what_it_has_missed()
    {
        const int Size = 20_000_000;
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", $"read go; head -c {Size} /dev/zero; exit 6");
        using var slow = Attach(container);
        using var fast = Attach(container);
        var (seen, heard) = (0L, 0L);

        fast.Write("go\n"u8, (bytes, _) => seen += bytes.Length);

        Assert.Equal(6, fast.Watch((bytes, _) => seen += bytes.Length));
        Assert.Equal(6, slow.Watch((bytes, _) => heard += bytes.Length));
        Assert.True(heard < Size, "The slow one has missed nothing.");
        Assert.Equal(Size, seen + fast.MissedBytes);
        // One that does not read at all can't be told what it has missed at the very end.
        Assert.True(heard + slow.MissedBytes <= Size);
    }

    [Fact]
    public void A_watcher_that_dies_is_no_loss()
    {
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", "read go; seq 1 100000; exit 7");
        using var one = Attach(container);
        Attach(container).Dispose();
        var two = Attach(container);

        one.Write("go\n"u8, Ignore);
        two.Dispose();

        Assert.Equal(7, one.Watch(Ignore));
    }

    [Fact]
    public void The_window_of_whoever_attaches_is_that_of_the_terminal()
    {
        var container = Start(Name("bird"), "-Terminal", "sh", "-c", "read go; stty size");
        using var look = Attach(container);
        var said = new MemoryStream();

        new AttachTerminal(look).Resize(new TerminalSize(123, 45));
        look.Write("go\n"u8, Into(said));
        look.Watch(Into(said));

        Assert.Contains("45 123", Text(said), StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_nothing_to_attach_to_without_terminal_and_input()
    {
        Start(Name("bird"), "", "sleep", "300");

        var error = Session.Fail(ContainerError.InvalidArgument, $"Enter-Container {Name("bird")} -Attach");

        Assert.Contains("Get-ContainerLog", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_is_not_running_has_no_process_to_attach_to()
    {
        Create(Name("bird"), "-Interactive", "cat");

        Session.Fail(ContainerError.ContainerNotRunning, $"Enter-Container {Name("bird")} -Attach");
    }

    [Fact]
    public void Attaching_takes_no_command_of_its_own()
    {
        Start(Name("bird"), "-Interactive", "cat");

        Session.Fail(ContainerError.InvalidArgument, $"Enter-Container {Name("bird")} -Attach ls");
    }

    [Fact]
    public void With_its_monitor_a_terminal_is_lost()
    {
        var container = Start(Name("bird"), "-Interactive", "sleep", "300");
        HostProcess.Kill(HostProcess.MonitorOf(container));

        Session.Fail(ContainerError.ContainerCommandFailed, $"Enter-Container {Name("bird")} -Attach");
    }

    [Fact]
    public void Ctrl_C_ends_the_look_and_the_container_goes_on()
    {
        var container = Start(Name("bird"), "-Terminal", "sh", "-c", "echo ready; sleep 300");
        using var running = Session.Begin($"Enter-Container {Name("bird")} -Attach");
        Thread.Sleep(200);

        running.Stop();

        Assert.Equal(ContainerStatus.Running, Get(container.Name).Status);
    }

    [Fact]
    public void A_container_that_removes_itself_tells_every_watcher_its_exit_code()
    {
        var container = Start(Name("bird"), "-Interactive -AutoRemove", "sh", "-c", "read go; exit 8");
        using var one = Attach(container);
        using var two = Attach(container);

        one.Write("go\n"u8, Ignore);

        Assert.Equal(8, one.Watch(Ignore));
        Assert.Equal(8, two.Watch(Ignore));
        Assert.Equal((ContainerStatus.Exited, 8), (two.Ended!.Status, two.Ended.ExitCode));
    }

    [Fact]
    public void The_socket_goes_with_the_run()
    {
        var container = Start(Name("bird"), "-Interactive", "cat");
        Assert.True(File.Exists($"{container.BundlePath}/attach"));

        Session.Run($"Stop-Container {container.Name} -Force");

        Eventually.True(() => !File.Exists($"{container.BundlePath}/attach"));
    }

    [Fact]
    public void Typing_more_than_the_process_reads_waits_and_loses_nothing()
    {
        const int Size = 3_000_000;
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", "sleep 0.3; wc -c");
        using var look = Attach(container);
        var said = new MemoryStream();

        look.Write(new byte[Size], Into(said));
        look.RunToEnd(Into(said));

        Assert.Equal($"{Size}", Text(said).Trim());
    }

    [Fact]
    public void What_was_typed_arrives_also_when_whoever_typed_it_has_gone()
    {
        const int Size = 150_000;
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", $"sleep 0.5; head -c {Size} | wc -c");
        using var look = Attach(container);
        using (var typing = Attach(container))
            typing.Write(new byte[Size], Ignore);
        var said = new MemoryStream();

        look.Watch(Into(said));

        Assert.Equal($"{Size}", Text(said).Trim());
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(24)]
    public void The_end_of_input_arrives_however_full_the_socket_is(int pieces)
    {
        Start(Name("bird"), "-Interactive", "sh", "-c", "sleep 0.5; wc -c");

        var outcome = Session.Run($"1..{pieces} | ForEach-Object {{ ,[byte[]]::new(16384) }} | Enter-Container {Name("bird")} -Attach");

        Assert.Equal($"{pieces * 16384}", $"{outcome.Output[0]}".Trim());
    }

    [Fact]
    public void What_the_process_says_meanwhile_loses_nothing_of_what_was_typed()
    {
        var container = Start(Name("bird"), "-Interactive", "sh", "-c", "sleep 0.5; cat");
        using var look = Attach(container);
        using (var typing = Attach(container))
        {
            for (var piece = 0; piece < 9; piece++)
                typing.Write(Encoding.ASCII.GetBytes($"{piece:00}".PadRight(16383, '.') + "\n"), Ignore);
        }

        var said = new MemoryStream();
        Eventually.True(() =>
        {
            look.TakeOutput(Into(said));
            return Text(said).Contains("08", StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_restarted_container_has_its_own_socket()
    {
        var container = Start(Name("bird"), "-Interactive", "sleep", "300");
        for (var round = 0; round < 10; round++)
        {
            Session.Run($"Restart-Container {container.Name} -Force");
            Attach(container).Dispose();
        }
    }

    [Fact]
    public void Detach_keys_that_are_none_start_nothing()
    {
        Create(Name("bird"), "-Terminal", "sleep", "300");

        Session.Fail(ContainerError.InvalidArgument, $"Start-Container {Name("bird")} -Attach -DetachKeys bogus");
        Session.Fail(ContainerError.InvalidArgument, $"Invoke-Container -Name {Name("robin")} -RootFileSystem $rootfs -Terminal -DetachKeys bogus sh");

        Assert.Equal(ContainerStatus.Created, Get(Name("bird")).Status);
        Session.Fail(ContainerError.ContainerNotFound, $"Get-Container {Name("robin")}");
    }

    private static AttachSession Attach(ContainerInfo container) =>
        ContainerStore.FromEnvironment().FindById(container.Id).Attach(TestContext.Current.CancellationToken);

    private static OutputHandler Into(MemoryStream stream) => (bytes, _) => stream.Write(bytes);

    private static void Ignore(ReadOnlySpan<byte> bytes, bool isError)
    {
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
