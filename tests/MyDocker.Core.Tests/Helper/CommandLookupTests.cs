using MyDocker.Helper.Init;
using MyDocker.Interop;
using MyDocker.Tests.Support;

namespace MyDocker.Tests.Helper;

public sealed class CommandLookupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CommandLookupTests()
    {
        foreach (var name in (string[])["first", "second", "first/tool"])
            Directory.CreateDirectory(folder[name]);
        Make("second/tool", isExecutable: true);
        Make("first/data", isExecutable: false);
        Make("second/both", isExecutable: true);
        Make("first/both", isExecutable: false);
    }

    public void Dispose() => folder.Dispose();

    private string[] Path => [$"PATH={folder["none"]}:{folder["first"]}:{folder["second"]}", "PATH=/ignored"];

    [Theory]
    [InlineData("/bin/tool")]
    [InlineData("./tool")]
    [InlineData("bin/tool")]
    [InlineData("../../tool")]
    public void A_path_is_taken_as_it_is(string command) => Assert.Equal(command, CommandLookup.Find(command, Path));

    [Fact]
    public void Folders_are_searched_in_order_and_a_folder_is_no_command() => Assert.Equal(folder["second/tool"], CommandLookup.Find("tool", Path));

    [Fact]
    public void One_that_can_not_be_executed_is_passed_over() => Assert.Equal(folder["second/both"], CommandLookup.Find("both", Path));

    [Fact]
    public void One_that_is_nowhere_is_not_found() => AssertFails("none", Path, "was not found");

    [Fact]
    public void One_that_is_there_but_not_executable_is_said_to_be_so() => AssertFails("data", Path, "permission denied");

    [Fact]
    public void Without_PATH_nothing_is_found()
    {
        AssertFails("tool", [], "was not found");
        AssertFails("tool", ["XPATH=/bin", "path=/bin"], "was not found");
    }

    [Theory]
    [InlineData(Errno.ENOENT, ContainerError.CommandNotFound)]
    [InlineData(Errno.ENOTDIR, ContainerError.CommandNotFound)]
    [InlineData(Errno.EACCES, ContainerError.CommandNotFound)]
    [InlineData(Errno.ENOEXEC, ContainerError.CommandNotFound)]
    [InlineData(Errno.EIO, ContainerError.ContainerStartFailed)]
    public void Every_failure_names_the_command(int errno, ContainerError error)
    {
        var failure = CommandLookup.Failure("tool", errno);
        Assert.Equal((error, "tool"), (failure.Error, failure.Target));
        Assert.Contains("'tool'", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertFails(string command, string[] environment, string because)
    {
        var failure = Assert.Throws<ContainerException>(() => CommandLookup.Find(command, environment));
        Assert.Equal(ContainerError.CommandNotFound, failure.Error);
        Assert.Contains(because, failure.Message, StringComparison.Ordinal);
    }

    private void Make(string name, bool isExecutable)
    {
        File.WriteAllText(folder[name], "#!/bin/sh\n");
        File.SetUnixFileMode(folder[name], isExecutable ? UnixFileMode.UserRead | UnixFileMode.UserExecute : UnixFileMode.UserRead);
    }
}
