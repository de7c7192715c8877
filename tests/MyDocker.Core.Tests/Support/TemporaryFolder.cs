namespace MyDocker.Tests.Support;

/// <summary>A folder of one test, gone with all in it when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mydocker-test-").FullName;

    public string this[string name] => $"{Path}/{name}";

    // Not our own removal: that is tested here.
    public void Dispose() => Tool.Run("rm", "-rf", "--", Path);
}
