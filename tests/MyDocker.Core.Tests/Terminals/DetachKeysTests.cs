using System.Text;

namespace MyDocker.Tests.Terminals;

public class DetachKeysTests
{
    [Theory]
    [InlineData("ctrl-p,ctrl-q", "\x10\x11")]
    [InlineData("CTRL-P,ctrl-Q", "\x10\x11")]
    [InlineData("ctrl-@", "\0")]
    [InlineData("ctrl-[", "\x1b")]
    [InlineData("ctrl-\\", "\x1c")]
    [InlineData("ctrl-],ctrl-^,ctrl-_", "\x1d\x1e\x1f")]
    [InlineData("a,B,1, ", "aB1 ")]
    [InlineData("ctrl-a,x", "\x01x")]
    public void Keys_as_docker_writes_them(string text, string typed)
    {
        Assert.True(Take(DetachKeys.Parse(text), typed, out var passedOn));
        Assert.Equal("", passedOn);
    }

    [Theory]
    [InlineData("ctrl-")]
    [InlineData("ctrl-1")]
    [InlineData("ctrl-ab")]
    [InlineData("alt-x")]
    [InlineData("ab")]
    [InlineData("a,,b")]
    [InlineData(",")]
    [InlineData("ü")]
    public void What_is_no_key(string text) =>
        Assert.Equal(ContainerError.InvalidArgument, Assert.Throws<ContainerException>(() => DetachKeys.Parse(text)).Error);

    [Fact]
    public void None_never_match()
    {
        Assert.False(Take(DetachKeys.Parse(""), "\x10\x11\0", out var passedOn));
        Assert.Equal("\x10\x11\0", passedOn);
    }

    [Theory]
    [InlineData("aab", "aaab", true, "a")]
    [InlineData("aab", "aaaaab", true, "aaa")]
    [InlineData("abab", "abaabab", true, "aba")]
    [InlineData("ab", "xaxaay", false, "xaxaay")]
    [InlineData("ab", "xaab", true, "xa")]
    [InlineData("ab", "xa", false, "x")]
    public void What_turns_out_to_be_something_else_is_passed_on(string keys, string typed, bool isComplete, string expected)
    {
        var sequence = string.Join(',', keys.ToCharArray());

        Assert.Equal(isComplete, Take(DetachKeys.Parse(sequence), typed, out var passedOn));
        Assert.Equal(expected, passedOn);

        // One key at a time, as people press them.
        var slowly = DetachKeys.Parse(sequence);
        var all = new List<byte>();
        Assert.Equal(isComplete, Encoding.ASCII.GetBytes(typed).Select(key => slowly.Take([key], all)).ToList().Contains(true));
        Assert.Equal(expected, Encoding.ASCII.GetString([.. all]));
    }

    private static bool Take(DetachKeys keys, string typed, out string passedOn)
    {
        var bytes = new List<byte>();
        var isComplete = keys.Take(Encoding.ASCII.GetBytes(typed), bytes);
        passedOn = Encoding.ASCII.GetString([.. bytes]);
        return isComplete;
    }
}
