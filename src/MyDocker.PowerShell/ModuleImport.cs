using System.Management.Automation;

namespace MyDocker;

/// <summary>Runs when the module is imported: says in one sentence why it can't work where it can't.</summary>
public sealed class ModuleImport : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport()
    {
        if (Refusal(OperatingSystem.IsLinux()) is { } sentence)
            throw new PlatformNotSupportedException(sentence);
    }

    /// <summary>Why the module can't be used here, or null. The version of PowerShell is checked by the manifest.</summary>
    internal static string? Refusal(bool isLinux) =>
        isLinux ? null : "MyDocker runs containers with the Linux kernel and can be imported on Linux only.";
}
