namespace MyDocker.Tests.Fixture;

/// <summary>A test that executes commands inside a container of its own.</summary>
public abstract class CommandTest(Machine machine) : ContainerTest(machine)
{
    /// <summary>The container's name.</summary>
    private protected string Bird => Name("bird");

    /// <summary>Makes and starts the container, which does nothing by itself.</summary>
    private protected ContainerInfo StartBird(string options = "") => Start(Bird, options, "sleep", "300");

    /// <summary>What a command says in the container.</summary>
    private protected string[] Exec(string options, params object[] command) => Session.Run(Line(options), command).Lines;

    /// <summary>Runs a command that must fail to be executed.</summary>
    private protected System.Management.Automation.ErrorRecord Refuse(ContainerError error, string options, params object[] command) =>
        Session.Fail(error, Line(options), command);

    private protected string Line(string options) => $"Invoke-ContainerCommand {Bird} {options} -Command $args";

    /// <summary>The processes of a container beside its first, seen from the host; those that have ended and wait to be reaped too.</summary>
    private protected static int[] OthersIn(ContainerInfo container) => [.. HostProcess.SharingPidNamespace(container.Pid!.Value).Where(pid => pid != container.Pid)];

    /// <summary>Waits for a process of the container whose command line contains a text.</summary>
    private protected static int AwaitProcess(ContainerInfo container, string text)
    {
        int? found = null;
        Eventually.True(() => (found = OthersIn(container).Cast<int?>().FirstOrDefault(pid => HostProcess.CommandLine(pid!.Value).Contains(text, StringComparison.Ordinal))) is not null, $"'{text}' runs");
        return found!.Value;
    }
}
