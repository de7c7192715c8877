using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Cmdlets;

public sealed class CompareContainerTests(Machine machine) : ContainerTest(machine)
{
    [Fact]
    public void A_container_that_was_never_started_has_changed_nothing()
    {
        Create(Name("bird"), "", "true");

        Assert.Empty(Compare());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-WorkingDirectory /some/where -Tmpfs /scratch/deep -Volume /etc/hosts:/made/hosts, /usr:/etc/made")]
    public void Starting_one_changes_nothing_that_is_told(string options)
    {
        Run(options, "true");

        Assert.Empty(Compare());
    }

    [Theory]
    [InlineData("touch /tmp/x", "C /tmp", "A /tmp/x")]
    [InlineData("rm /etc/group", "C /etc", "D /etc/group")]
    [InlineData("echo more >> /etc/passwd", "C /etc", "C /etc/passwd")]
    [InlineData("chmod 600 /etc/passwd", "C /etc", "C /etc/passwd")]
    [InlineData("chown 1000 /etc/passwd", "C /etc", "C /etc/passwd")]
    [InlineData("touch /etc/passwd", "C /etc", "C /etc/passwd")]
    [InlineData("chmod 700 /tmp", "C /tmp")]
    [InlineData("rm -r /home", "D /home")]
    [InlineData("mkdir -p /new/deeper; ln -s / /new/link; mkfifo /new/fifo; mknod /new/null c 1 3", "A /new", "A /new/deeper", "A /new/fifo", "A /new/link", "A /new/null")]
    [InlineData("ln -sfn /nowhere /bin/ls", "C /bin", "C /bin/ls")]
    [InlineData("rm /etc/group; mkdir /etc/group; touch /etc/group/x", "C /etc", "C /etc/group", "A /etc/group/x")]
    [InlineData("rm -r /etc; mkdir /etc; echo new > /etc/passwd; touch /etc/a /etc/z", "C /etc", "A /etc/a", "D /etc/group", "C /etc/passwd", "A /etc/z")]
    [InlineData("rm -r /home; touch /home", "C /home")]
    [InlineData("mv /etc/group /tmp/group", "C /etc", "D /etc/group", "C /tmp", "A /tmp/group")]
    [InlineData("touch /tmp/x; rm /tmp/x; mkdir /tmp/y; rmdir /tmp/y")]
    [InlineData("true <> /etc/passwd; chmod 600 /etc/group; chmod 644 /etc/group")]
    [InlineData("touch /tmp/b /tmp/a.x /tmp/B; mkdir /tmp/a; touch /tmp/a/z", "C /tmp", "A /tmp/B", "A /tmp/a", "A /tmp/a/z", "A /tmp/a.x", "A /tmp/b")]
    [InlineData("touch \"$(printf '/tmp/a\\nb')\"", "C /tmp", "A /tmp/a\nb")]
    [InlineData("touch /dev/x /proc/x /dev/shm/y; true")]
    public void What_a_container_did(string script, params string[] expected)
    {
        Run("", "sh", "-c", script);

        Assert.Equal(expected, Compare());
    }

    [Fact]
    public void Changed_content_of_the_same_size_and_time_is_seen()
    {
        Run("", "sh", "-c", "touch -r /etc/passwd /tmp/x; tr r R < /etc/passwd > /tmp/y; cat /tmp/y > /etc/passwd; touch -r /tmp/x /etc/passwd");

        Assert.Contains("C /etc/passwd", Compare());
    }

    [Fact]
    public void What_is_written_into_a_folder_that_a_start_made_is_told_with_it()
    {
        Run("-WorkingDirectory /work/here", "touch", "x");

        Assert.Equal(["A /work", "A /work/here", "A /work/here/x"], Compare());
    }

    [Fact]
    public void A_volume_and_a_temporary_file_system_are_no_part_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("mydocker-tests-volume-");
        try
        {
            Run($"-Volume {folder}:/data -Tmpfs /scratch", "touch", "/data/x", "/scratch/y");

            Assert.Empty(Compare());
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void One_that_runs_is_compared_by_name_id_and_object()
    {
        var bird = StartReady(Name("bird"), "touch /tmp/x; echo ready; exec sleep 300");

        foreach (var target in (string[])[bird.Name, $"-Id {bird.Id}", $"-InputObject (Get-Container {bird.Name})", $"{bird.Name[..^1]}*"])
            Assert.Contains(Session.Run($"Compare-Container {target}").Output, change => change.ToString() == "A /tmp/x");

        var added = Session.Run($"Compare-Container {bird.Name}").Output.Select(change => (ContainerChange)change.BaseObject).Last();
        Assert.Equal((ContainerChangeKind.Added, "/tmp/x", ContainerItemType.File, bird.Name), (added.Kind, added.Path, added.ItemType, added.Container));
    }

    [Fact]
    public void The_built_in_image_shows_only_what_was_done()
    {
        Session.Run($"New-Container -Name {Name("bird")} -- sh -c 'echo x > /etc/motd; rm /etc/hosts' | Start-Container | Wait-Container");

        Assert.Equal(["C /etc", "D /etc/hosts", "A /etc/motd"], Compare());
    }

    [Fact]
    public void A_layer_full_of_links_devices_and_fifos_is_walked_and_nothing_opened()
    {
        Run("", "sh", "-c", "mkdir /x; ln -s / /x/root; ln -s /x /x/loop; mkfifo /x/pipe; mknod /x/console c 5 1; rm /etc/passwd; ln -s /dev/zero /etc/passwd; rm /etc/group; mkfifo /etc/group");

        Assert.Equal(["C /etc", "C /etc/group", "C /etc/passwd", "A /x", "A /x/console", "A /x/loop", "A /x/pipe", "A /x/root"], Compare());
    }

    [Fact]
    public void One_that_is_not_there_is_an_error() => Session.Fail(ContainerError.ContainerNotFound, "Compare-Container nosuch");

    [Fact]
    public void The_default_is_a_table()
    {
        Run("", "touch", "/tmp/x");

        var lines = OtherSession.Run($"Compare-Container {Name("bird")}", RootFileSystem).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["KIND PATH", "Changed /tmp", "Added /tmp/x"], lines.Where(line => !line.StartsWith('-')).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    private void Run(string options, params object[] command)
    {
        Create(Name("bird"), options, command);
        Session.Run($"Start-Container {Name("bird")} | Wait-Container");
    }

    private string[] Compare() => [.. Session.Run($"Compare-Container {Name("bird")}").Output.Select(change => change.ToString()!)];
}
