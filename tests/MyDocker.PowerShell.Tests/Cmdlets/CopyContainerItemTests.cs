using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class CopyContainerItemTests(Machine machine) : ContainerTest(machine)
{
    private readonly ItemTree host = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_comes_through_in_both_directions(bool isRunning)
    {
        var bird = Make(isRunning);
        var source = host.MakeEverything("source");
        var expected = host.Describe("source");

        var copied = Session.Run($"Copy-ContainerItem {source} {bird}:/copied -PassThru; Copy-ContainerItem {bird}:/copied {host.Folder}/back -PassThru").Output;

        Assert.Equal(expected, host.Describe("back"));
        Assert.All(copied, item => Assert.Equal(20, Assert.IsType<CopyResult>(item.BaseObject).Items));
        Assert.Equal(host.Shell("stat -c '%a %u %g %y' source"), host.Shell("stat -c '%a %u %g %y' back"));
        // Holes are no content.
        Assert.InRange(((CopyResult)copied[0].BaseObject).Length, 1, 1024 * 1024);
    }

    [Fact]
    public void A_container_that_runs_sees_what_came_in_with_owners_modes_and_times()
    {
        var bird = Make(isRunning: true);
        host.Shell("echo hello > file && chown 1000:1001 file && chmod 0640 file && touch -d @1000000000 file");

        Session.Run($"Copy-ContainerItem {host["file"]} {bird}:/tmp/");

        Session.Run($"Copy-ContainerItem {bird}:/tmp/file {host["back"]}");
        Assert.Equal("640 1000 1001 1000000000", host.Shell("stat -c '%a %u %g %Y' back"));
        Assert.Equal("hello", host.Shell($"cat /proc/{Get(bird).Pid}/root/tmp/file"));
    }

    // docker's rules: https://docs.docker.com/reference/cli/docker/container/cp/
    [Theory]
    [InlineData("file", "bird:/tmp", "/tmp/file")]
    [InlineData("file", "bird:/tmp/", "/tmp/file")]
    [InlineData("file", "bird:/tmp/new", "/tmp/new")]
    [InlineData("file", "bird:tmp/new", "/tmp/new")]
    [InlineData("file", "bird:/home/there", "/home/there")]
    [InlineData("folder", "bird:/tmp", "/tmp/folder/inner")]
    [InlineData("folder", "bird:/tmp/new", "/tmp/new/inner")]
    [InlineData("folder", "bird:/tmp/new/", "/tmp/new/inner")]
    [InlineData("folder/.", "bird:/tmp", "/tmp/inner")]
    [InlineData("folder/.", "bird:/tmp/new", "/tmp/new/inner")]
    [InlineData("folder/", "bird:/tmp", "/tmp/folder/inner")]
    [InlineData("link-to-folder", "bird:/tmp", "/tmp/link-to-folder")]
    [InlineData("link-to-folder/.", "bird:/tmp", "/tmp/inner")]
    [InlineData("file", "bird:/to-tmp/new", "/tmp/new")]
    [InlineData("file", "bird:/to-there", "/home/there")]
    [InlineData("file", "bird:/to-nothing", "/home/nothing")]
    public void A_destination_means_what_it_means_to_docker(string source, string destination, string expected)
    {
        var bird = Make(isRunning: true);
        host.Shell($"mkdir folder && echo new > file && echo new > folder/inner && ln -s folder link-to-folder && cd /proc/{Get(bird).Pid}/root && echo old > home/there"
            + " && ln -s tmp to-tmp && ln -s /home/there to-there && ln -s ../../home/nothing to-nothing");

        Session.Run($"Copy-ContainerItem {host.Folder}/{source} {destination.Replace("bird", bird, StringComparison.Ordinal)}");

        Assert.Equal("1", host.Shell($"test -L /proc/{Get(bird).Pid}/root{expected} || grep -c new /proc/{Get(bird).Pid}/root{expected}; test ! -L /proc/{Get(bird).Pid}/root{expected} || echo 1"));
        Assert.Equal("3", host.Shell($"find /proc/{Get(bird).Pid}/root/ -maxdepth 1 -name 'to-*' -type l | wc -l"));
    }

    [Theory]
    [InlineData("{bird}:/nope", "{host}", ContainerError.ContainerItemNotFound, "{bird}:/nope")]
    [InlineData("{bird}:/etc/passwd/x", "{host}", ContainerError.ContainerItemNotFound, "{bird}:/etc/passwd/x")]
    [InlineData("{bird}:/etc/*", "{host}", ContainerError.ContainerItemNotFound, "{bird}:/etc/*")]
    [InlineData("{host}/nope", "{bird}:/", ContainerError.ContainerItemNotFound, "{host}/nope")]
    [InlineData("{host}/file", "{bird}:/nope/", ContainerError.ContainerItemNotFound, "{bird}:/nope/")]
    [InlineData("{host}/file", "{bird}:/nope/new", ContainerError.ContainerItemNotFound, "{bird}:/nope/")]
    [InlineData("{host}/folder", "{bird}:/etc/passwd", ContainerError.InvalidArgument, "{bird}:/etc/passwd")]
    [InlineData("{host}/file", "{bird}:/proc/x", ContainerError.CopyFailed, "{host}/file")]
    [InlineData("{host}/file", "{host}/other", ContainerError.InvalidArgument, "{host}/file")]
    [InlineData("nosuch:/file", "{host}", ContainerError.ContainerNotFound, "nosuch")]
    [InlineData("{host}/file", "nosuch:/file", ContainerError.ContainerNotFound, "nosuch")]
    [InlineData("Env:/PATH", "{bird}:/tmp", ContainerError.InvalidArgument, "Env:/PATH")]
    [InlineData("{bird}:/etc", "{bird}:/etc", ContainerError.InvalidArgument, "{bird}:/etc")]
    public void What_can_not_be_is_one_error_with_an_id_and_a_target(string source, string destination, ContainerError error, string target)
    {
        var bird = Make(isRunning: true);
        host.Shell("mkdir folder && touch file");
        string Fill(string text) => text.Replace("{bird}", bird, StringComparison.Ordinal).Replace("{host}", host.Folder, StringComparison.Ordinal);

        Assert.Equal(Fill(target), Session.Fail(error, $"Copy-ContainerItem {Fill(source)} {Fill(destination)}").TargetObject);
    }

    [Theory]
    [InlineData("-ReadOnly", "/x", true)]
    [InlineData("-ReadOnly", "/x", false)]
    [InlineData("-Tmpfs /scratch", "/scratch/x", false)]
    public void A_file_system_that_is_read_only_says_so(string options, string path, bool isRunning)
    {
        var bird = Make(isRunning, options);
        host.Shell("mkdir folder && touch folder/one folder/two");

        var error = Session.Try($"Copy-ContainerItem {host["folder"]} {bird}:{path}").Errors;

        Assert.Contains("read-only", Assert.Single(error).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Session.Run($"Compare-Container {bird}").Output, change => change.ToString().Contains("/x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_volume_is_copied_into_and_out_of(bool isRunning)
    {
        host.Shell("mkdir volume && echo out > volume/out && echo in > in");
        var bird = Make(isRunning, $"-Volume {host["volume"]}:/data/volume");

        Session.Run($"Copy-ContainerItem {host["in"]} {bird}:/data/volume/; Copy-ContainerItem {bird}:/data/volume/out {host["back"]}; Copy-ContainerItem {bird}:/data {host["all"]}");

        Assert.Equal("in\nout\nin\nout", host.Shell("cat volume/in back all/volume/in all/volume/out"));
        Assert.Empty(Session.Run($"Compare-Container {bird}").Output);
    }

    [Fact]
    public void A_temporary_file_system_is_copied_into_and_out_of_while_the_container_runs()
    {
        var bird = StartReady(Name("bird"), "echo here > /scratch/here; echo ready; exec sleep 300", "-Tmpfs /scratch").Name;
        host.Shell("echo there > there");

        Session.Run($"Copy-ContainerItem {host["there"]} {bird}:/scratch/; Copy-ContainerItem {bird}:/scratch/. {host["back"]}");

        Assert.Equal("here\nthere", host.Shell("cat back/here back/there"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void From_one_container_to_another(bool isFirstRunning, bool isSecondRunning)
    {
        var (bird, fish) = (Make(isFirstRunning), Make(isSecondRunning, name: "fish"));

        Session.Run($"Copy-ContainerItem {bird}:/etc/passwd {fish}:/tmp/; Copy-ContainerItem {fish}:/tmp/passwd {bird}:/home/; Copy-ContainerItem {bird}:/home/passwd {host.Folder}");

        Assert.Equal(File.ReadAllText($"{RootFileSystem}/etc/passwd"), File.ReadAllText(host["passwd"]));
    }

    [Fact]
    public void Within_one_container()
    {
        var bird = Make(isRunning: false);

        Session.Run($"Copy-ContainerItem {bird}:/etc {bird}:/home/etc");

        Assert.Contains("A /home/etc/passwd", Changes(bird));
    }

    [Fact]
    public void Wildcards_lists_and_the_pipeline_on_the_host()
    {
        var bird = Make(isRunning: false);
        host.Shell("touch a.txt b.txt c.log '[x].txt' d e f g");

        Session.Run($"Copy-ContainerItem {host.Folder}/?.txt {bird}:/tmp; Copy-ContainerItem -LiteralPath '{host.Folder}/[x].txt' {bird}:/tmp; "
            + $"Copy-ContainerItem {host["d"]}, {host["e"]} {bird}:/tmp; '{host["f"]}' | Copy-ContainerItem -Destination {bird}:/tmp; [pscustomobject]@{{ PSPath = 'Microsoft.PowerShell.Core\\FileSystem::{host["g"]}' }} | Copy-ContainerItem -Destination {bird}:/tmp; "
            + $"Copy-ContainerItem {host.Folder}/*.none {bird}:/tmp");

        Assert.Equal(["C /tmp", "A /tmp/[x].txt", "A /tmp/a.txt", "A /tmp/b.txt", "A /tmp/d", "A /tmp/e", "A /tmp/f", "A /tmp/g"], Changes(bird));
    }

    [Fact]
    public void Paths_are_as_the_session_has_them()
    {
        var bird = Make(isRunning: false);
        host.Shell("mkdir folder && touch folder/file a:b");

        Session.Run($"$before = $pwd; $null = $ExecutionContext.SessionState.Path.SetLocation('{host["folder"]}'); try {{ Copy-ContainerItem . {bird}:/tmp/dot; Copy-ContainerItem ../a:b {bird}:/tmp; Copy-ContainerItem {bird}:/etc/passwd . }} "
            + "finally { $null = $ExecutionContext.SessionState.Path.SetLocation($before) }");

        Assert.Equal(["C /tmp", "A /tmp/a:b", "A /tmp/dot", "A /tmp/dot/file"], Changes(bird));
        Assert.True(File.Exists(host["folder/passwd"]));
    }

    [Fact]
    public void Many_items_need_a_folder_to_go_into()
    {
        var bird = Make(isRunning: false);
        host.Shell("touch a b");

        var errors = Session.Try($"Copy-ContainerItem {host["a"]}, {host["b"]} {bird}:/tmp/new").Errors;

        Assert.All(errors, error => Assert.StartsWith("ContainerItemNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(2, errors.Count);
        Assert.Empty(Changes(bird));
    }

    [Fact]
    public void One_items_failure_keeps_nobody_else()
    {
        var bird = Make(isRunning: true);
        host.Shell($"mkdir -p folder/clash folder/fine && touch folder/clash/x folder/fine/y folder/taken && cd /proc/{Get(bird).Pid}/root && mkdir -p tmp/folder/taken && touch tmp/folder/clash");

        var errors = Session.Try($"Copy-ContainerItem {host["nope"]}, {host["folder"]} {bird}:/tmp").Errors;

        Assert.Equal([host["folder/clash"], host["folder/taken"], host["nope"]], errors.Select(error => (string)error.TargetObject).Order(StringComparer.Ordinal));
        Assert.Equal("clash\nfine\nfine/y\ntaken", host.Shell($"cd /proc/{Get(bird).Pid}/root/tmp/folder && find . -mindepth 1 -printf '%P\\n' | sort"));
    }

    [Fact]
    public void A_folder_that_is_there_keeps_its_mode_and_takes_what_is_new()
    {
        var bird = Make(isRunning: true);
        host.Shell("mkdir -m 700 folder && touch folder/new && chown 1000 folder");

        Session.Run($"Copy-ContainerItem {host["folder"]}/. {bird}:/tmp");

        Assert.Equal("1777 0", host.Shell($"stat -c '%a %u' /proc/{Get(bird).Pid}/root/tmp"));
    }

    [Fact]
    public void A_depth_beyond_any_path_comes_through()
    {
        var bird = Make(isRunning: false);
        // 1,200 steps of 50 letters are far longer than PATH_MAX: made step by step, as a container could.
        const string Make1200 = "d=$(printf 'd%.0s' $(seq 50)); mkdir top; cd -P top; for i in $(seq 1200); do mkdir $d; cd -P $d; done; echo bottom > file";
        host.Shell(Make1200);

        var copied = Session.Run($"Copy-ContainerItem {host["top"]} {bird}:/tmp/top -PassThru; Copy-ContainerItem {bird}:/tmp/top {host["back"]} -PassThru").Output;

        Assert.All(copied, item => Assert.Equal(1202, ((CopyResult)item.BaseObject).Items));
    }

    [Fact]
    public void Files_of_proc_are_read_to_their_end()
    {
        var bird = Make(isRunning: true);

        Session.Run($"Copy-ContainerItem {bird}:/proc/1/status {host["status"]}; Copy-ContainerItem {bird}:/sys/kernel/mm/transparent_hugepage/enabled {host["enabled"]}");

        Assert.StartsWith("Name:\tsleep\n", File.ReadAllText(host["status"]), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText("/sys/kernel/mm/transparent_hugepage/enabled"), File.ReadAllText(host["enabled"]));
    }

    [Fact]
    public void A_paused_container_is_copied_from_and_to()
    {
        var bird = Make(isRunning: true);

        Session.Run($"Suspend-Container {bird} | Out-Null; Copy-ContainerItem {bird}:/etc/passwd {host.Folder}; Copy-ContainerItem {host["passwd"]} {bird}:/tmp; Resume-Container {bird} | Out-Null");

        Assert.Contains("A /tmp/passwd", Changes(bird));
    }

    [Fact]
    public void An_ended_container_is_copied_from_and_to_and_can_be_started_again_at_once()
    {
        var bird = Create(Name("bird"), "", "sh", "-c", "cat /tmp/number; echo kept > /tmp/kept").Name;
        for (var round = 0; round < 5; round++)
        {
            host.Shell($"echo {round} > number; rm -f kept");

            Session.Run($"Copy-ContainerItem {host["number"]} {bird}:/tmp; Start-Container {bird} | Wait-Container | Out-Null; Copy-ContainerItem {bird}:/tmp/kept {host.Folder}");

            Assert.Equal("kept", host.Shell("cat kept"));
            Assert.EndsWith($" {round}", File.ReadLines(Get(bird).LogPath).Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_start_waits_for_a_copy_and_the_copy_is_whole()
    {
        var bird = Create(Name("bird"), "", "ls", "/home/many").Name;
        host.Shell("mkdir many; cd many; for i in $(seq 3000); do echo $i > $i; done");
        using var other = NewSession();
        using var copying = other.Begin($"Copy-ContainerItem {host["many"]} {bird}:/home/many");
        Eventually.True(() => Directory.Exists($"{Get(bird).BundlePath}/layer/upper/home"), "the copy is under way");

        Session.Run($"Start-Container {bird} | Wait-Container");

        Assert.Empty(copying.Wait().Errors);
        Assert.Equal(3000, File.ReadLines(Get(bird).LogPath).Count(line => line.Contains(" F ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ctrl_C_ends_a_copy_at_once_and_leaves_no_half_of_a_file(bool isRunning)
    {
        var bird = Make(isRunning);
        // All of it is data, so copying it takes a while.
        host.Shell("mkdir folder && head -c 1G /dev/zero > folder/big");
        using var other = NewSession();
        using var copying = other.Begin($"Copy-ContainerItem {host["folder"]} {bird}:/tmp/folder");
        Eventually.True(() => Changes(bird).Contains("A /tmp/folder"), "the copy is under way");
        Assert.False(copying.IsCompleted);

        var time = Stopwatch.StartNew();
        copying.Stop();

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 1.5);
        Assert.Equal(["C /tmp", "A /tmp/folder"], Changes(bird));
    }

    [Fact]
    public void A_copy_that_is_killed_frees_its_mounts_and_the_container()
    {
        var bird = Make(isRunning: false);
        host.Shell("mkdir folder && head -c 1G /dev/zero > folder/big");
        using (var killed = OtherSession.Start($"Copy-ContainerItem {host["folder"]} {bird}:/tmp/folder", RootFileSystem))
        {
            Eventually.True(() => Changes(bird).Contains("A /tmp/folder"), "the copy is under way");
            killed.Kill();
            killed.WaitForExit();
        }

        Session.Run($"Start-Container {bird}");

        Assert.Equal(["C /tmp", "A /tmp/folder"], Changes(bird));
    }

    [Fact]
    public void A_container_that_ends_meanwhile_is_an_error()
    {
        var bird = Make(isRunning: true);
        host.Shell("mkdir many; cd many; for i in $(seq 4000); do mkdir $i; head -c 100K /dev/zero > $i/file; done");
        using var other = NewSession();
        using var copying = other.Begin($"Copy-ContainerItem {host["many"]} {bird}:/home/many");
        Eventually.True(() => Directory.Exists($"{Get(bird).BundlePath}/layer/upper/home/many/1"), "the copy is under way");

        Session.Run($"Stop-Container {bird} -Force");

        Assert.StartsWith("ContainerNotRunning", Assert.Single(copying.Wait().Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void What_if_and_no_copy_nothing()
    {
        var bird = Make(isRunning: false);

        Session.Run($"Copy-ContainerItem {RootFileSystem}/etc/passwd {bird}:/tmp -WhatIf");
        Session.Run($"Copy-ContainerItem {RootFileSystem}/etc/passwd {bird}:/tmp -Confirm");

        Assert.Contains($"{bird}:/tmp", Assert.Single(Session.Host.Questions), StringComparison.Ordinal);
        Assert.Empty(Changes(bird));
    }

    [Fact]
    public void A_big_copy_tells_how_far_it_is_and_keeps_memory_flat()
    {
        var bird = Make(isRunning: false);
        host.Shell("head -c 600M /dev/zero > big");
        Session.Run($"Copy-ContainerItem {RootFileSystem}/etc/passwd {bird}:/tmp");
        var before = HostProcess.Status(Environment.ProcessId, "VmHWM");

        // What is over in a moment tells nothing, and a moment is long on a quick machine: larger each time.
        for (var round = 0; round < 4 && !Session.Host.ProgressPercentages.Any(percent => percent is > 0 and < 100); round++)
        {
            Session.Run($"Copy-ContainerItem {host["big"]} {bird}:/tmp");
            host.Shell("cat big big > bigger; mv bigger big");
        }

        Assert.True(HostProcess.Status(Environment.ProcessId, "VmHWM") - before < 100 * 1024);
        Assert.InRange(Session.Host.ProgressPercentages.Count(percent => percent is > 0 and < 100), 1, 100);
    }

    [Fact]
    public void Tab_offers_containers_and_what_is_in_them()
    {
        var bird = Make(isRunning: true);

        Assert.Contains($"{bird}:/", Session.Complete($"Copy-ContainerItem {bird[..4]}"));
        Assert.Equal([$"{bird}:/etc/passwd"], Session.Complete($"Copy-ContainerItem {bird}:/etc/p"));
        Assert.Equal([$"{bird}:/etc/"], Session.Complete($"Copy-ContainerItem x -Destination {bird}:/et"));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        host.Dispose();
    }

    private string Make(bool isRunning, string options = "", string name = "bird") =>
        (isRunning ? Start(Name(name), options, "sleep", "300") : Create(Name(name), options, "sleep", "300")).Name;

    private string[] Changes(string name) => [.. Session.Run($"Compare-Container {name}").Output.Select(change => change.ToString()!)];
}
