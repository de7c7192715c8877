using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace MyDocker.Shell;

/// <summary>One PowerShell session with the MyDocker module loaded, on the engine alone (System.Management.Automation).</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly ShellHost host = new();
    private readonly Runspace runspace;

    private ShellSession()
    {
        runspace = RunspaceFactory.CreateRunspace(host, InitialState());
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
    }

    /// <summary>The module of the checkout that this shell was built from.</summary>
    internal static string ManifestPath { get; } = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "ModuleManifest").Value!;

    /// <summary>A session state with the engine's own commands and ours.</summary>
    internal static InitialSessionState InitialState()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(ManifestPath);
        return state;
    }

    /// <summary>Runs a script file; its exit code is ours.</summary>
    public static int RunFile(string path, string[] arguments)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"The script '{path}' is not there.");
            return 64;
        }

        using var session = new ShellSession();
        return session.Run(shell => Array.ForEach(arguments, argument => AddArgument(shell, argument)), $"& {Quote(file)} @args");
    }

    /// <summary>Runs a command line.</summary>
    public static int RunCommand(string text)
    {
        using var session = new ShellSession();
        return session.Run(_ => { }, text);
    }

    /// <summary>Reads commands and runs them until "exit" or the end of input.</summary>
    public static int RunPrompt()
    {
        using var session = new ShellSession();
        while (session.host.ExitCode is null)
        {
            Console.Write("PS mydocker> ");
            if (Console.ReadLine() is not { } line)
                break;
            if (!string.IsNullOrWhiteSpace(line))
                _ = session.Run(_ => { }, line);
        }

        return session.host.ExitCode ?? 0;
    }

    public static int ShowUsage()
    {
        Console.Error.WriteLine("Usage: MyDocker.Shell [-File <script> [arguments…] | -Command <text>]; without arguments, a prompt.");
        return 64;
    }

    public void Dispose() => runspace.Dispose();

    private int Run(Action<PowerShell> addArguments, string script)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script);
        addArguments(shell);
        // As pwsh does: what comes out, errors included and in their order, is formatted by the host's default formatter.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        ConsoleCancelEventHandler stop = (_, press) =>
        {
            press.Cancel = true;
            shell.BeginStop(null, null);
        };
        Console.CancelKeyPress += stop;
        try
        {
            shell.Invoke();
            return host.ExitCode ?? (shell.HadErrors ? 1 : 0);
        }
        catch (PipelineStoppedException)
        {
            return 130;
        }
        catch (RuntimeException exception)
        {
            Console.Error.WriteLine(exception.ErrorRecord);
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }

    /// <summary>As pwsh does: "-Name" on the command line is a parameter's name, which may take what follows as its value.</summary>
    private static void AddArgument(PowerShell shell, string argument)
    {
        if (argument.StartsWith('-'))
            shell.AddParameter(argument, null);
        else
            shell.AddArgument(argument);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
