using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using MyDocker.Interop;

namespace MyDocker;

/// <summary>
/// The helper's program, copied once per process into sealed memory and run from there: no container can rewrite through
/// /proc/self/exe what the host will run next (CVE-2019-5736).
/// </summary>
internal static class HelperImage
{
    public const string FileName = "mydocker-runtime";

    private static readonly Lazy<FileDescriptor> LazyImage = new(Load);

    /// <summary>The sealed copy, open for the life of this process.</summary>
    /// <exception cref="ContainerException">ContainerStartFailed when the helper is not beside the module.</exception>
    public static FileDescriptor Current => LazyImage.Value;

    /// <summary>Where the helper lies: beside the module, in a folder named after the machine's kind.</summary>
    internal static string InstalledPath { get; } = Path.Combine(
        ModuleFolder(), RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", FileName);

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Asked in a PowerShell session only, where assemblies are files.")]
    private static string ModuleFolder() => Path.GetDirectoryName(typeof(HelperImage).Assembly.Location)!;

    private static FileDescriptor Load()
    {
        byte[] program;
        try
        {
            program = File.ReadAllBytes(InstalledPath);
        }
        catch (IOException exception)
        {
            throw new ContainerException(
                ContainerError.ContainerStartFailed,
                $"The helper '{InstalledPath}' can't be read: {exception.Message} Build the module (dotnet build), or install it again.",
                InstalledPath,
                exception);
        }

        var image = Channels.CreateMemoryFile(FileName);
        Files.Write(image, program);
        Channels.Seal(image);
        return image;
    }
}
