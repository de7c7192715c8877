using MyDocker;
using MyDocker.Helper.Exec;
using MyDocker.Helper.Init;
using MyDocker.Helper.Monitor;
using MyDocker.Helper.Root;
using MyDocker.Interop;

// One program, named by its first argument: what stays outside a container, what holds a stopped one's root, and what becomes
// its first process.
switch (args)
{
    case [MonitorLauncher.MonitorVerb, var name, var id, var root, var run, var mode]:
        return MonitorProcess.Run(name, new ContainerStore(root, run), id, mode);
    case [ExecChannel.Verb, var name, var id, var root, var run]:
        return ExecProcess.Run(name, new ContainerStore(root, run), id);
    case [RootLauncher.RootVerb, var id, var root, var run]:
        return RootProcess.Run(new ContainerStore(root, run), id);
    case [ReapingInit.Verb, var path, .. { Length: > 0 } arguments]:
        return ReapingInit.Run(path, arguments);
    default:
        // Without System.Console, which brings encodings and terminals along: this program stays small and starts quickly.
        _ = Files.TryWrite(2, "mydocker-runtime is started by the MyDocker module; see Get-Help Start-Container.\n"u8);
        return 2;
}
