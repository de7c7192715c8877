using System.Globalization;
using MyDocker.Interop;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Interop;

public sealed class FolderRemovalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Victim => folder["victim"];

    public FolderRemovalTests() => Directory.CreateDirectory(Victim);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_not_there_is_fine() => FolderRemoval.Remove(folder["none"]);

    [Fact]
    public void Files_folders_links_pipes_and_sockets_go()
    {
        Directory.CreateDirectory($"{Victim}/a/b/c");
        File.WriteAllText($"{Victim}/a/b/file", "x");
        File.WriteAllText($"{Victim}/.hidden", "x");
        File.CreateSymbolicLink($"{Victim}/dangling", "/nowhere/at/all");
        File.CreateSymbolicLink($"{Victim}/a/loop", "loop");
        Tool.Run("mkfifo", $"{Victim}/a/pipe");
        AssertRemoves();
    }

    [Fact]
    public void Names_that_are_not_UTF8_go()
    {
        Tool.Run("sh", "-c", $"cd '{Victim}' && mkdir -p \"$(printf 'a\\377/b\\300\\200')\" && touch \"$(printf 'a\\377/b\\300\\200/\\376')\" '\n' '*' ' '");
        AssertRemoves();
    }

    [Fact]
    public void A_depth_beyond_any_path_goes()
    {
        // 3,000 steps of 50 letters, far longer than PATH_MAX: made step by step, as a container could.
        var name = new string('d', 50);
        var at = Files.Open(Victim, Files.O_RDONLY | Files.O_DIRECTORY);
        for (var depth = 0; depth < 3_000; depth++)
        {
            using var above = at;
            Files.MakeFolderAt(above, name, 0x1C0);
            at = Files.OpenInRoot(above, name, Files.O_RDONLY | Files.O_DIRECTORY);
        }

        using (at)
            Files.MakeLinkAt("nowhere", at, "link");
        AssertRemoves();
    }

    [Fact]
    public void A_wide_folder_goes()
    {
        // More than one reading of the folder takes, at the top and below, with folders that have to wait their turn.
        foreach (var place in (string[])[Victim, $"{Victim}/below"])
        {
            Directory.CreateDirectory(place);
            for (var i = 0; i < 1_500; i++)
            {
                if (i % 3 == 0)
                    Directory.CreateDirectory(string.Create(CultureInfo.InvariantCulture, $"{place}/{i}/inner"));
                else
                    File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"{place}/a-rather-long-name-of-a-file-{i}"), "");
            }
        }

        AssertRemoves();
    }

    [Fact]
    public void What_links_lead_to_stays()
    {
        Directory.CreateDirectory(folder["outside/inner"]);
        File.WriteAllText(folder["outside/inner/file"], "untouched");
        Directory.CreateDirectory($"{Victim}/below");
        File.CreateSymbolicLink($"{Victim}/absolute", folder["outside"]);
        File.CreateSymbolicLink($"{Victim}/below/relative", "../../outside");
        File.CreateSymbolicLink($"{Victim}/below/up", "..");
        AssertRemoves();
        Assert.Equal("untouched", File.ReadAllText(folder["outside/inner/file"]));
    }

    [Fact]
    public void A_link_in_the_place_of_the_folder_is_not_followed()
    {
        File.CreateSymbolicLink(folder["link"], Victim);
        File.WriteAllText($"{Victim}/file", "untouched");
        Assert.Throws<SyscallException>(() => FolderRemoval.Remove(folder["link"]));
        Assert.Equal("untouched", File.ReadAllText($"{Victim}/file"));
    }

    [Fact]
    public void Read_only_modes_are_no_obstacle_to_root()
    {
        Require.Root();
        Directory.CreateDirectory($"{Victim}/locked/inner");
        File.WriteAllText($"{Victim}/locked/inner/file", "x");
        Tool.Run("chmod", "-R", "000", Victim);
        AssertRemoves();
    }

    [Fact]
    public void Names_that_we_would_choose_ourselves_are_no_obstacle()
    {
        // A folder that is not empty is moved up under such a name: taken by files, by full folders, by links.
        for (var i = 0; i < 20; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $".mydocker-removing-{i}");
            if (i % 3 == 0)
                File.WriteAllText($"{Victim}/{name}", "x");
            else if (i % 3 == 1)
                Directory.CreateDirectory($"{Victim}/{name}/{name}/inner");
            else
                File.CreateSymbolicLink($"{Victim}/{name}", "/nowhere");
            Directory.CreateDirectory($"{Victim}/z{i}/{name}/{name}/inner");
        }

        AssertRemoves();
    }

    [Fact]
    public void What_can_not_be_deleted_is_named()
    {
        Require.Root();
        Directory.CreateDirectory($"{Victim}/mounted");
        var errno = Mounting.TryMount("tmpfs", $"{Victim}/mounted", "tmpfs", 0, "size=64k");
        Assert.SkipUnless(errno == 0, $"Needs the right to mount a tmpfs (errno {errno}).");
        try
        {
            File.WriteAllText($"{Victim}/mounted/file", "x");
            var failure = Assert.Throws<SyscallException>(() => FolderRemoval.Remove(Victim));
            Assert.Equal(Errno.EBUSY, failure.Errno);
            Assert.Contains("mounted", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Mounting.Detach($"{Victim}/mounted");
        }
    }

    private void AssertRemoves()
    {
        FolderRemoval.Remove(Victim);
        Assert.DoesNotContain(Victim, Directory.GetFileSystemEntries(folder.Path));
    }
}
