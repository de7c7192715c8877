using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Settings;

public sealed class FileSystemTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void The_folder_below_is_never_modified()
    {
        var before = Directory.GetFileSystemEntries(RootFileSystem, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

        Assert.Equal(["changed"], Invoke("", "sh", "-c", "echo changed > /etc/passwd; rm /etc/group; rm -r /home; mkdir /new; chmod 777 /tmp; cat /etc/passwd"));

        Assert.Equal(before, Directory.GetFileSystemEntries(RootFileSystem, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.StartsWith("root:x:0:0", File.ReadAllText($"{RootFileSystem}/etc/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_root_takes_no_file() =>
        Assert.Equal(["refused", "tmpfs works"], Invoke("-ReadOnly -Tmpfs /scratch", "sh", "-c", "touch /x 2> /dev/null || echo refused; touch /scratch/x && echo tmpfs works"));

    [Fact]
    public void A_tmpfs_has_its_size_and_starts_empty()
    {
        var lines = Invoke("-Tmpfs '/tmp:size=1m'", "sh", "-c", "ls -A /tmp; dd if=/dev/zero of=/tmp/x bs=64k count=32 2> /dev/null; wc -c < /tmp/x; grep ' /tmp ' /proc/mounts");

        Assert.Equal("1048576", lines[0]);
        Assert.Contains("tmpfs", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "written")]
    [InlineData(":rw", "written")]
    [InlineData(":ro", "refused")]
    public void A_volume_is_the_hosts_folder(string mode, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("mydocker-tests-volume-");
        try
        {
            File.WriteAllText($"{folder}/here", "hello");

            var lines = Invoke($"-Volume {folder}:/data{mode}", "sh", "-c", "cat /data/here; echo; touch /data/there 2> /dev/null && echo written || echo refused");

            Assert.Equal(["hello", expected], lines);
            Assert.Equal(expected == "written", File.Exists($"{folder}/there"));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void The_built_in_image_shows_the_machines_programs_and_none_of_its_secrets() =>
        Assert.Equal(["hello", "no shadow", "read-only"], Session.Run(
            "Invoke-Container -- sh -c 'echo hello; test -e /etc/shadow || echo no shadow; touch /usr/x 2> /dev/null || echo read-only'").Lines);

    [Fact]
    public void What_is_written_stays_with_the_container()
    {
        Invoke($"-Name {Name("robin")} -Keep", "touch", "/mine");

        Assert.Equal(["none"], Invoke("", "sh", "-c", "test -e /mine || echo none"));
    }
}
