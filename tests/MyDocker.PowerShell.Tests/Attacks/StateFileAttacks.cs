using System.Management.Automation;
using MyDocker.Tests.Fixture;

namespace MyDocker.Tests.Attacks;

public sealed class StateFileAttacks(Machine machine) : OwnStoreTest(machine)
{
    [Theory(DisplayName = "ATTACKS: one bad file breaks the list")]
    [InlineData("container.json", "")]
    [InlineData("container.json", "{")]
    [InlineData("container.json", "null")]
    [InlineData("container.json", "{}")]
    [InlineData("container.json", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("container.json", "\u0000\u0001\u0002")]
    [InlineData("container.json", "{\"schemaVersion\":99}")]
    [InlineData("container.json", null)]
    [InlineData("state.json", "")]
    [InlineData("state.json", "{\"run\":1")]
    [InlineData("state.json", "{\"run\":\"one\"}")]
    [InlineData("exit.json", "")]
    [InlineData("exit.json", "{}")]
    public void A_broken_file_is_one_error_that_names_it(string file, string? content)
    {
        var robin = Start(Name("robin"), "", "true");
        Session.Run($"Wait-Container {robin.Name}");
        var ibis = Create(Name("ibis"), "", "true");
        var path = $"{robin.BundlePath}/{file}";
        File.Delete(path);
        if (content is not null)
            File.WriteAllText(path, content);

        var listed = Session.Try("Get-Container");

        var error = Assert.Single(listed.Errors);
        Assert.Equal("ContainerStateInvalid", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal((ErrorCategory.InvalidData, path), (error.CategoryInfo.Category, error.TargetObject));
        Assert.Contains(path, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ibis.Id, listed.Container.Id);
        Assert.Equal(ibis.Id, Get(ibis.Name).Id);
        Directory.Delete(robin.BundlePath, true);
        File.Delete($"{Store.Folder}/names/{robin.Name}");
    }

    [Theory(DisplayName = "ATTACKS: a state file that is a FIFO, a link or huge hangs or misleads the reader")]
    [InlineData("mkfifo {0}")]
    [InlineData("ln -s /etc/passwd {0}")]
    [InlineData("mkdir {0}")]
    [InlineData("truncate -s 1G {0}")]
    public void What_is_no_plain_file_is_not_read(string command)
    {
        var bird = Create(Name("bird"), "", "true");
        var path = $"{bird.BundlePath}/state.json";
        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", string.Format(null, command, path)]))
            shell.WaitForExit();

        Assert.Equal(path, Session.Fail(ContainerError.ContainerStateInvalid, "Get-Container").TargetObject);
        Session.Run($"Remove-Container {bird.Name} -Force");
    }

    [Fact(DisplayName = "ATTACKS: one folder without its JSON file makes every ps fatal")]
    public void A_folder_without_its_file_is_one_error()
    {
        var bird = Create(Name("bird"), "", "true");
        var stray = Directory.CreateDirectory($"{Store.Folder}/containers/{new string('a', 64)}").FullName;
        Directory.CreateDirectory($"{Store.Folder}/containers/not-an-id");

        var listed = Session.Try("Get-Container");

        Assert.Equal($"{stray}/container.json", Assert.Single(listed.Errors).TargetObject);
        Assert.Equal(bird.Id, listed.Container.Id);
        Directory.Delete(stray);
        Directory.Delete($"{Store.Folder}/containers/not-an-id");
    }

    [Fact(DisplayName = "ATTACKS: ps racing stop reads half a file")]
    public void A_reader_never_sees_half_a_file()
    {
        Create(Name("robin"), "", "sleep", "300");
        Create(Name("ibis"), "", "sleep", "300");
        using var writer = NewSession();
        using var changing = writer.Begin($"foreach ($round in 1..12) {{ $null = Start-Container {All}; $null = Stop-Container {All} }}");

        var reads = 0;
        while (!changing.IsCompleted)
        {
            Assert.Equal(2, Session.Run("Get-Container").Output.Count);
            reads++;
        }

        Assert.Empty(changing.Wait().Errors);
        Assert.InRange(reads, 20, int.MaxValue);
    }

    [Fact(DisplayName = "ATTACKS: state file truncated in place, mode 0622, read-modify-write without lock")]
    public void Files_are_replaced_and_belong_to_their_owner_alone()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        var before = File.ReadAllText($"{bird.BundlePath}/state.json");
        using var old = File.OpenRead($"{bird.BundlePath}/state.json");
        Session.Run($"Stop-Container {bird.Name}");

        // Whoever had it open still reads the whole old file.
        Assert.Equal(before, new StreamReader(old).ReadToEnd());
        Assert.NotEqual(before, File.ReadAllText($"{bird.BundlePath}/state.json"));
        foreach (var file in Directory.GetFiles(bird.BundlePath))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var folder in (string[])[bird.BundlePath, $"{Store.Folder}/containers", $"{Store.Folder}/names"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Empty(Directory.GetFiles(bird.BundlePath, "*.tmp"));
    }

    [Fact(DisplayName = "ATTACKS: a newer version's fields are lost on a rewrite")]
    public void Unknown_fields_are_kept()
    {
        var bird = Create(Name("bird"), "", "true");
        var path = $"{bird.BundlePath}/container.json";
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"schemaVersion\"", "\"song\": \"tweet\", \"schemaVersion\"", StringComparison.Ordinal));

        Session.Run($"Rename-Container {bird.Name} {Name("robin")}");

        Assert.Contains("\"song\": \"tweet\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "ATTACKS: zero-byte metadata after power cut makes a container that can't be removed")]
    public void A_broken_container_can_be_removed_by_force()
    {
        var bird = Start(Name("bird"), "", "sleep", "300");
        File.WriteAllText($"{bird.BundlePath}/state.json", "");

        Session.Run($"Remove-Container {bird.Name} -Force");

        Assert.Empty(HostCgroup.Of(bird.Id));
        Eventually.True(() => !HostProcess.IsAlive(bird.Pid!.Value));
        Assert.Empty(Session.Run("Get-Container").Output);
    }

    [Fact(DisplayName = "ATTACKS: `ps` slow in proportion to containers")]
    public void A_thousand_containers_are_listed_in_well_under_a_second()
    {
        var bird = Create(Name("bird"), "", "true");
        var record = File.ReadAllText($"{bird.BundlePath}/container.json");
        for (var i = 1; i < 1000; i++)
        {
            var id = $"{i:x4}{bird.Id[4..]}";
            Directory.CreateDirectory($"{Store.Folder}/containers/{id}");
            File.WriteAllText($"{Store.Folder}/containers/{id}/container.json", record.Replace(bird.Id, id, StringComparison.Ordinal).Replace(bird.Name, $"bird{i}", StringComparison.Ordinal));
        }

        Session.Run("Get-Container");
        var time = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(1000, Session.Run("Get-Container").Output.Count);

        Assert.InRange(time.ElapsedMilliseconds, 0, 1000);
        foreach (var folder in Directory.GetDirectories($"{Store.Folder}/containers").Where(folder => !folder.EndsWith(bird.Id, StringComparison.Ordinal)))
            Directory.Delete(folder, true);
    }
}
