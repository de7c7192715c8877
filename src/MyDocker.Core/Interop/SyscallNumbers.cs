using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>
/// Numbers of the calls that glibc has no wrapper for, or whose wrapper does more than the call: glibc's setresuid
/// signals every thread of the process (nptl(7)), where we change the calling thread just before execve.
/// Calls added since Linux 5.0 have one number on every architecture.
/// </summary>
internal static class SyscallNumbers
{
    public const nint CloneThree = 435;
    public const nint PidfdSendSignal = 424;
    public const nint PidfdOpen = 434;
    public const nint CloseRange = 436;
    public const nint OpenAt2 = 437;
    public const nint MountSetAttr = 442;

    public static nint SetResUid { get; } = IsArm64 ? 147 : 117;

    public static nint SetResGid { get; } = IsArm64 ? 149 : 119;

    public static nint SetGroups { get; } = IsArm64 ? 159 : 116;

    public static nint PivotRoot { get; } = IsArm64 ? 41 : 155;

    public static nint CapSet { get; } = IsArm64 ? 91 : 126;

    public static nint Bpf { get; } = IsArm64 ? 280 : 321;

    public static nint KeyCtl { get; } = IsArm64 ? 219 : 250;

    public static nint GetDirectoryEntries { get; } = IsArm64 ? 61 : 217;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}
