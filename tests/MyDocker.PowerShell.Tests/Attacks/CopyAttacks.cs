using System.Diagnostics;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

/// <summary>Containers that want a copy to read or write the host's files, or to run their code outside.</summary>
public sealed class CopyAttacks : ContainerTest
{
    private const string Secret = "a secret of the host";

    /// <summary>Swaps two names as fast as the kernel can; says so once it has begun.</summary>
    private const string Swapper = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdio.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            for (long i = 0;; i++) {
                if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) != 0) { perror("renameat2"); return 1; }
                if (i == 100) { puts("swapping"); fflush(stdout); }
            }
        }
        """;

    private readonly ItemTree host = new();

    /// <summary>A folder of the host with a secret in it; the container has one of the same path, without.</summary>
    private readonly string canary;
    private readonly string[] canaryBefore;

    public CopyAttacks(Machine machine)
        : base(machine)
    {
        canary = host["canary"];
        host.Shell($"mkdir canary && echo '{Secret}' > canary/file && echo new > file");
        // So that any reading of it shows, whatever the file system is mounted with.
        host.Shell("touch -a -d @1000 canary/file && mkdir -p tree/target/inner && echo new > tree/target/file && echo new > tree/target/inner/file");
        canaryBefore = Canary();
    }

    public static TheoryData<string> Links => ["{canary}", "../../../../../../../../{canary}", "/proc/self/root/{canary}", "/proc/1/root/{canary}", "/proc/1/cwd/{canary}"];

    [Theory(DisplayName = "ATTACKS: CVE-2018-15664, 2019-10152: copy into a folder that is swapped for a link to the host's")]
    [MemberData(nameof(Links))]
    public void Nothing_is_written_outside_while_the_target_is_swapped(string link)
    {
        var bird = StartSwapping(link);
        var landed = new HashSet<string>();
        for (var round = 0; round < RoundsFor(link); round++)
        {
            // While the name is a link that leads nowhere, there is no folder to copy into.
            _ = Session.Try($"Copy-ContainerItem {host["file"]} {bird.Name}:/work/target/file; Copy-ContainerItem {host["tree"]}/. {bird.Name}:/work");
            landed.UnionWith(Directory.GetFiles($"/proc/{bird.Pid}/root{canary}", "*", SearchOption.AllDirectories));
        }

        RequireCanary();
        if (link == "{canary}")
            Assert.NotEmpty(landed);
    }

    [Theory(DisplayName = "ATTACKS: CVE-2018-15664, 2019-10152: copy out of a folder that is swapped for a link to the host's")]
    [MemberData(nameof(Links))]
    public void Nothing_is_read_outside_while_the_source_is_swapped(string link)
    {
        var bird = StartSwapping(link);
        var (inside, linked) = (0, 0);
        for (var round = 0; round < RoundsFor(link); round++)
        {
            _ = Session.Try($"Copy-ContainerItem {bird.Name}:/work/target/file {host["out"]}; Copy-ContainerItem {bird.Name}:/work {host["all"]}; Copy-ContainerItem {bird.Name}:/work/target/. {host["content"]}");
            var read = host.Shell("find out all content -type f -exec cat {} + 2> /dev/null || true; find all -type l -name target 2> /dev/null || true; rm -rf out all content");
            Assert.DoesNotContain(Secret, read, StringComparison.Ordinal);
            inside += read.Contains("inside", StringComparison.Ordinal) ? 1 : 0;
            linked += read.Contains("all/target", StringComparison.Ordinal) ? 1 : 0;
        }

        // The attack was under way: both were seen in the folder's place.
        Assert.InRange(inside, 1, RoundsFor(link));
        Assert.InRange(linked, 1, RoundsFor(link));
        RequireCanary();
    }

    [Theory(DisplayName = "ATTACKS: CVE-2018-15664: copy through a link, container not running")]
    [MemberData(nameof(Links))]
    public void Links_of_a_container_that_does_not_run_lead_nowhere(string link)
    {
        var bird = Create(Name("bird"), "", "sleep", "300").Name;
        host.Shell($"mkdir work && ln -s '{Fill(link)}' work/target && ln -s '{Fill(link)}/file' work/file && ln -s .. work/up");
        Session.Run($"Copy-ContainerItem {host["work"]} {bird}:/work");

        _ = Session.Try($"Copy-ContainerItem {host["file"]} {bird}:/work/target/file; Copy-ContainerItem {host["file"]} {bird}:/work/file; Copy-ContainerItem {host["tree"]}/. {bird}:/work");
        _ = Session.Try($"Copy-ContainerItem {host["file"]} {bird}:/work/up/../../../../../../../../{canary}/file; Copy-ContainerItem {host["tree"]} {bird}:/..");
        _ = Session.Try($"Copy-ContainerItem {bird}:/work/target/. {host["out"]}; Copy-ContainerItem {bird}:/work/file/. {host["out"]}; Copy-ContainerItem {bird}:/../../../../{canary}/file {host["out"]}; Copy-ContainerItem {bird}:/.. {host["all"]}");

        Assert.DoesNotContain(Secret, host.Shell("find out all -type f -exec cat {} + 2> /dev/null || true"), StringComparison.Ordinal);
        RequireCanary();
    }

    [Fact(DisplayName = "ATTACKS: CVE-2018-15664: copy to the host over links that the container made")]
    public void Links_that_came_with_the_copy_are_not_written_through()
    {
        // First a link out of the container, then a folder of the same name: docker's "cp" of one after the other.
        var bird = StartReady(Name("bird"), $"mkdir -p /one /two/target; ln -s {canary} /one/target; ln -s {canary}/file /one/file; echo x > /two/target/file; echo x > /two/file; echo ready; exec sleep 300");

        var errors = Session.Try($"Copy-ContainerItem {bird.Name}:/one/. {host["out"]}; Copy-ContainerItem {bird.Name}:/two/. {host["out"]}").Errors;

        Assert.Contains("not a folder", Assert.Single(errors).ToString(), StringComparison.Ordinal);
        Assert.Equal("x", host.Shell("cat out/file && test ! -L out/file"));
        RequireCanary();
    }

    [Theory(DisplayName = "ATTACKS: a FIFO or a device in the place of the file, the copy hangs")]
    [InlineData("mkfifo /work/other")]
    [InlineData("mknod /work/other c 1 5")]
    [InlineData("mknod /work/other c 5 1")]
    public void What_is_no_file_is_never_opened(string make)
    {
        var bird = StartSwapping("{canary}", make, "file", "other");
        var time = Stopwatch.StartNew();
        for (var round = 0; round < 60; round++)
        {
            _ = Session.Run($"Copy-ContainerItem {bird.Name}:/work/file {host["out"]}; Copy-ContainerItem {bird.Name}:/work {host["all"]}");
            Assert.InRange(long.Parse(host.Shell("cat $(find out all -type f) | wc -c; rm -rf out all"), null), 0, 10_000);
            Session.Run($"Copy-ContainerItem {host["file"]} {bird.Name}:/work/new; Copy-ContainerItem {host["file"]} {bird.Name}:/work/fifo");
        }

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 120);
    }

    [Fact(DisplayName = "ATTACKS: CVE-2019-14271: the copy helper loads the container's libraries")]
    public void Nothing_of_the_container_is_executed_or_loaded()
    {
        // A root that would have any program with a loader run this: by /etc/ld.so.preload, and by the libraries that glibc looks names up with.
        const string Marker = "/tmp/mydocker-tests-pwned";
        NativeProgram.Compile(host["evil.so"], $$"""
            #include <fcntl.h>
            __attribute__((constructor)) static void run(void) { open("{{Marker}}", O_CREAT | O_WRONLY, 0600); }
            """, "-shared", "-fPIC");
        host.Shell("mkdir -p evil/etc evil/lib/x86_64-linux-gnu evil/lib64 evil/usr/lib && echo /evil.so > evil/etc/ld.so.preload && echo 'passwd: files evil' > evil/etc/nsswitch.conf"
            + " && cp evil.so evil/evil.so && for name in libc.so.6 libnss_files.so.2 libnss_compat.so.2 libnss_evil.so.2 libpthread.so.0 libgcc_s.so.1; do for folder in lib lib64 usr/lib lib/x86_64-linux-gnu; do cp evil.so evil/$folder/$name; done; done");
        foreach (var bird in (string[])[Start(Name("bird"), "", "sleep", "300").Name, Create(Name("fish"), "", "sleep", "300").Name])
        {
            Session.Run($"Copy-ContainerItem {host["evil"]}/. {bird}:/; Copy-ContainerItem {bird}:/etc {host[bird]}; Copy-ContainerItem {bird}:/lib {host[bird]}; Copy-ContainerItem {host["tree"]} {bird}:/home");

            using var root = ContainerRoot.Open(ContainerStore.FromEnvironment().Find(bird), CancellationToken.None);
            foreach (var process in Holding(Get(bird).Id).Append(Environment.ProcessId))
            {
                // Not in the container's root, and nothing mapped that is any container's.
                Assert.Equal("/", new FileInfo($"/proc/{process}/root").LinkTarget);
                Assert.DoesNotContain(File.ReadLines($"/proc/{process}/maps"), line => line.Contains("evil", StringComparison.Ordinal) || line.Contains("libnss", StringComparison.Ordinal) || line.Contains(Store, StringComparison.Ordinal));
            }

            Assert.Equal(Get(bird).Status == ContainerStatus.Created ? 1 : 0, Holding(Get(bird).Id).Count());
        }

        Assert.False(File.Exists(Marker));
        Assert.False(File.Exists($"/proc/{Get(Name("bird")).Pid}/root{Marker}"));
    }

    [Fact(DisplayName = "ATTACKS: copy: a container that renames without end does not keep us")]
    public void A_path_full_of_dots_is_given_up()
    {
        // Each ".." has the kernel look whether anything was renamed meanwhile: always, here.
        var bird = StartSwapping("{canary}");
        Session.Run($"Copy-ContainerItem {host["file"]} {bird.Name}:/home");

        var time = Stopwatch.StartNew();
        _ = Session.Try($"Copy-ContainerItem {bird.Name}:{string.Concat(Enumerable.Repeat("/home/..", 400))}/home/file {host["out"]}");

        Assert.InRange(time.Elapsed.TotalSeconds, 0, 20);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        host.Dispose();
    }

    private static string Store => Environment.GetEnvironmentVariable("MYDOCKER_ROOT")!;

    /// <summary>Hundreds with the plain link; its disguises take the same ways through the code.</summary>
    private static int RoundsFor(string link) => link == "{canary}" ? 300 : 60;

    private string Fill(string link) => link.Replace("{canary}", canary, StringComparison.Ordinal);

    /// <summary>A container in which /work/target is now a folder and now a link, thousands of times a second.</summary>
    private ContainerInfo StartSwapping(string link, string make = "true", string first = "target", string second = "other")
    {
        NativeProgram.Compile(host["swap"], Swapper, "-static");
        var bird = Create(
            Name("bird"), "", "sh", "-c",
            $"mkdir -p /work/target/inner {canary}; echo inside > /work/target/file; echo inside > /work/file; {make}; test -e /work/other || ln -s {Fill(link)} /work/other; exec /swap /work/{first} /work/{second}");
        Session.Run($"Copy-ContainerItem {host["swap"]} {bird.Name}:/swap; Start-Container {bird.Name}");
        AwaitLog(bird, "swapping");
        return Get(bird.Name);
    }

    private string[] Canary() => [.. host.Shell("find canary -printf '%p %m %U %G %n %T@' \\( -type f -printf ' %A@' , -true \\) -printf '\\n' | sort").Split('\n')];

    private void RequireCanary()
    {
        Assert.Equal(canaryBefore, Canary());
        Assert.Equal(Secret, host.Shell("cat canary/file"));
    }

    /// <summary>The helper that holds the root of a container which does not run.</summary>
    private static IEnumerable<int> Holding(string id) => HostProcess.Using(Store)
        .Where(process => process.Contains($"mydocker-runtime root {id}", StringComparison.Ordinal))
        .Select(process => int.Parse(process.Split(' ', ':')[1], null));
}
