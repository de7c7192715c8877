namespace MyDocker.Tests.Comparing;

public class OverlayLayersTests
{
    [Theory]
    [InlineData("/a")]
    [InlineData("/a", "/b/c")]
    [InlineData("/with:colon", "/with,comma", "/with\\backslash", "/\\:,")]
    public void Paths_come_out_as_they_went_in(params string[] paths) =>
        Assert.Equal(paths, OverlayLayers.Split(string.Join(':', paths.Select(Bundle.EscapeOverlayPath))));
}
