namespace MyDocker.Tests.Fixture;

/// <summary>A test with a session of its own and containers of its own, which are gone when it ends.</summary>
public abstract class ContainerTest : IDisposable
{
    private static int tests;

    private readonly int number = Interlocked.Increment(ref tests);

    protected ContainerTest(Machine machine)
    {
        Machine.RequireContainers();
        RootFileSystem = machine.RootFileSystem;
        Session = NewSession();
    }

    private protected string RootFileSystem { get; }

    private protected Session Session { get; }

    /// <summary>The test's own containers, as a wildcard.</summary>
    private protected string All => $"*-{number}";

    private protected Session NewSession() => new(RootFileSystem);

    /// <summary>A name that no other test has.</summary>
    private protected string Name(string name) => $"{name}-{number}";

    /// <summary>Makes a container of busybox.</summary>
    /// <param name="name">Its name, see <see cref="Name"/>.</param>
    /// <param name="options">Parameters of New-Container.</param>
    /// <param name="command">Its argv.</param>
    private protected ContainerInfo Create(string name, string options, params object[] command) =>
        Session.Run($"New-Container -Name {name} -RootFileSystem $rootfs {options} -Command $args", command).Container;

    /// <summary>Makes and starts a container of busybox.</summary>
    private protected ContainerInfo Start(string name, string options, params object[] command) =>
        Session.Run($"New-Container -Name {name} -RootFileSystem $rootfs {options} -Command $args | Start-Container", command).Container;

    /// <summary>Starts a shell script in a container and waits until it says "ready": only then do its traps work.</summary>
    private protected ContainerInfo StartReady(string name, string script, string options = "")
    {
        var container = Start(name, options, "sh", "-c", script);
        AwaitLog(container, "ready");
        return container;
    }

    private protected static void AwaitLog(ContainerInfo container, string text) =>
        Eventually.True(() => File.Exists(container.LogPath) && File.ReadAllText(container.LogPath).Contains(text, StringComparison.Ordinal), $"'{text}' in the log");

    /// <summary>The container as it is now.</summary>
    private protected ContainerInfo Get(string name) => Session.Run($"Get-Container {name}").Container;

    /// <summary>What a command says in a container that is made for it alone.</summary>
    private protected string[] Invoke(string options, params object[] command) =>
        Session.Run($"Invoke-Container -RootFileSystem $rootfs {options} -Command $args", command).Lines;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _ = Session.Try($"Remove-Container {All} -Force");
        Session.Dispose();
    }
}
