using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using MyDocker.Shell;

namespace MyDocker.Tests.Fixture;

/// <summary>
/// Takes the engine's types from the module's own folder: the tests talk of the very ContainerInfo that the imported cmdlets
/// emit, and the helper is found beside the assembly, as it is in a user's session.
/// </summary>
internal static class ModuleAssemblies
{
    [ModuleInitializer]
    internal static void ResolveFromModule() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        Path.Combine(Path.GetDirectoryName(ShellSession.ManifestPath)!, "bin", $"{name.Name}.dll") is var path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path)
            : null;
}
