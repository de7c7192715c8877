using MyDocker.Tests.Support;

namespace MyDocker.Tests.Containers;

public class ShellQuotingTests
{
    [Theory]
    [InlineData(new[] { "top" }, "top")]
    [InlineData(new[] { "sh", "-c", "echo $HOME; ls" }, "sh -c 'echo $HOME; ls'")]
    [InlineData(new[] { "echo", "" }, "echo ''")]
    [InlineData(new[] { "it's" }, "'it'\\''s'")]
    [InlineData(new[] { "--name=a/b:c,d@e%f+g_h" }, "--name=a/b:c,d@e%f+g_h")]
    [InlineData(new string[0], "")]
    public void Only_what_a_shell_would_change_is_quoted(string[] arguments, string expected) =>
        Assert.Equal(expected, ShellQuoting.Join(arguments));

    [Fact]
    public void A_shell_reads_the_same_list()
    {
        string[] arguments = ["plain", "", "a b", "'", "''", "\"", "$HOME", "`id`", "\\", "a\nb", "*", "~", "#", "!", "{a,b}", "vögel 🐦", "-n", "=x", "&;|<>"];
        var read = Tool.Run("sh", "-c", $"printf '%s\\0' {ShellQuoting.Join(arguments)}");
        Assert.Equal(arguments, read.Split('\0')[..^1]);
    }
}
