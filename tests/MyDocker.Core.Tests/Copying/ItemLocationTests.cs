namespace MyDocker.Tests.Copying;

public class ItemLocationTests
{
    [Theory]
    [InlineData("bird:/etc/x", "bird", "/etc/x")]
    [InlineData("bird:etc/x", "bird", "/etc/x")]
    [InlineData("bird:", "bird", "/")]
    [InlineData("bird:/a:b", "bird", "/a:b")]
    [InlineData("my.bird-1:/.", "my.bird-1", "/.")]
    [InlineData("/etc/a:b", null, "/etc/a:b")]
    [InlineData("./a:b", null, "./a:b")]
    [InlineData("~/a:b", null, "~/a:b")]
    [InlineData(":/x", null, ":/x")]
    [InlineData("folder/a:b", null, "folder/a:b")]
    [InlineData("FileSystem::/tmp/x", null, "FileSystem::/tmp/x")]
    [InlineData("plain", null, "plain")]
    [InlineData("", null, "")]
    public void A_text_is_taken_apart_as_docker_does(string text, string? container, string path) =>
        Assert.Equal((container, path), ItemLocation.Split(text));

    [Theory]
    [InlineData("/a/b", "/a/b", "b", false, false)]
    [InlineData("/a/b/", "/a/b", "b", false, true)]
    [InlineData("/a/b//", "/a/b", "b", false, true)]
    [InlineData("/a/b/.", "/a/b", "b", true, true)]
    [InlineData("/a/b/./", "/a/b", "b", true, true)]
    [InlineData("/a/b/././/.", "/a/b", "b", true, true)]
    [InlineData("/a/b.", "/a/b.", "b.", false, false)]
    [InlineData("/a/..", "/a/..", "..", true, true)]
    [InlineData("/", "", "", true, true)]
    [InlineData("/.", "", "", true, true)]
    public void A_path_says_what_is_meant(string path, string trimmed, string name, bool isContent, bool isFolder)
    {
        var location = new ItemLocation(null, path);

        Assert.Equal((trimmed, name, isContent, isFolder), (location.Trimmed, location.Name, location.IsContent, location.IsFolder));
    }
}
