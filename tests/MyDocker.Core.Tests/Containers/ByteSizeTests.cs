namespace MyDocker.Tests.Containers;

public class ByteSizeTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0L, "0B")]
    [InlineData(512L, "512B")]
    [InlineData(1023L, "1023B")]
    [InlineData(1024L, "1KiB")]
    [InlineData(1536L, "1.5KiB")]
    [InlineData(1024L * 1024 - 1, "1MiB")]
    [InlineData(64L << 20, "64MiB")]
    [InlineData(long.MaxValue, "8EiB")]
    public void Sizes_for_people(long? bytes, string expected) => Assert.Equal(expected, ByteSize.ToText(bytes));
}
