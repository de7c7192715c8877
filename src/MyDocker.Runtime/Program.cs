using MyDocker;
using MyDocker.Helper.Init;
using MyDocker.Helper.Monitor;

// One program, named by its first argument: what stays outside a container, and what becomes its first process.
switch (args)
{
    case [MonitorLauncher.MonitorVerb, var name, var id, var root, var run, var mode]:
        return MonitorProcess.Run(name, new ContainerStore(root, run), id, mode == "attached");
    case [InitProcess.Verb, var folder]:
        return InitProcess.Run(folder);
    default:
        Console.Error.WriteLine("mydocker-runtime is started by the MyDocker module; see Get-Help Start-Container.");
        return 2;
}
