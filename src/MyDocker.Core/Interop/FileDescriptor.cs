using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>An open file descriptor that closes itself: a file, folder, pipe, socket or pidfd.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    public FileDescriptor()
        : base(-1, ownsHandle: true)
    {
    }

    public FileDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number, for calls that take it raw; valid only while this object is alive.</summary>
    public int Number => (int)handle;

    /// <summary>The path under which this process can open the same file again; see proc_pid_fd(5).</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    protected override bool ReleaseHandle() => Files.CloseRaw((int)handle) == 0;
}
