using System.Reflection;
using MyDocker.Help;
using MyDocker.Shell;

namespace MyDocker.Tests.Help;

/// <summary>The checkout's pages and the cmdlets they are about.</summary>
internal static class DocumentedModule
{
    private static readonly string Root = Path.GetDirectoryName(ShellSession.ManifestPath)!;

    public static string Pages { get; } = $"{Root}/docs/en-US";

    public static IReadOnlyList<CompiledCmdlet> Cmdlets { get; } = [.. CompiledCmdlet.In(Assembly.LoadFrom($"{Root}/bin/MyDocker.PowerShell.dll"))];

    public static TheoryData<string> Names { get; } = [.. Cmdlets.Select(cmdlet => cmdlet.Name)];
}
