namespace MyDocker.Tests.Fixture;

/// <summary>A container's control group as the host sees it.</summary>
internal static class HostCgroup
{
    /// <summary>The folders that exist of it, in whatever hierarchies the machine has.</summary>
    public static string[] Of(string containerId) =>
        [.. Directory.GetDirectories("/sys/fs/cgroup").Prepend("/sys/fs/cgroup").Select(hierarchy => $"{hierarchy}/mydocker/{containerId}").Where(Directory.Exists)];
}
