namespace MyDocker.Tests.Support;

/// <summary>What a test needs from the machine; where it is missing the test is skipped and says so.</summary>
internal static class Require
{
    public static void Root() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root.");

    public static string Program(params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var found = names.SelectMany(name => folders.Select(folder => $"{folder}/{name}")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"Needs {string.Join(" or ", names)} in PATH.");
        return found!;
    }
}
