using MyDocker.Tests.Fixture;

[assembly: AssemblyFixture(typeof(Machine))]

namespace MyDocker.Tests.Fixture;

/// <summary>What all tests share: a store in a temporary folder, and a root file system of busybox. Checked and removed at the end.</summary>
public sealed class Machine : IDisposable
{
    private readonly TestStore store = new();
    private readonly BusyboxRoot? root;

    public Machine()
    {
        if (BusyboxRoot.Program is not null)
            root = new BusyboxRoot();
    }

    /// <summary>For -RootFileSystem. No test may ever see it change.</summary>
    public string RootFileSystem => root!.Folder;

    /// <summary>Skips the running test where no container can be run.</summary>
    public static void RequireContainers()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Containers need root.");
        Assert.SkipWhen(BusyboxRoot.Program is null, "There is no /bin/busybox: install busybox-static.");
    }

    public void Dispose()
    {
        using (root)
        using (store)
            root?.RequireUnchanged();
    }
}
