using System.Runtime.InteropServices;

namespace MyDocker.Interop;

/// <summary>A system call that failed: which one, on what, and why in the words of strerror(3).</summary>
public sealed class SyscallException : IOException
{
    /// <summary>Describes a failed call.</summary>
    /// <param name="call">The call's name as in section 2 of the manual.</param>
    /// <param name="errno">The error number it left.</param>
    /// <param name="subject">The path, process or option it was about; may be null.</param>
    public SyscallException(string call, int errno, string? subject = null)
        : base(Describe(call, errno, subject))
    {
        Call = call;
        Errno = errno;
        Subject = subject;
    }

    /// <summary>The call's name as in section 2 of the manual.</summary>
    public string Call { get; }

    /// <summary>The error number, as in errno(3).</summary>
    public int Errno { get; }

    /// <summary>The path, process or option the call was about.</summary>
    public string? Subject { get; }

    /// <summary>Builds the exception from the errno of the P/Invoke that has just failed.</summary>
    internal static SyscallException FromLastError(string call, string? subject = null) =>
        new(call, Marshal.GetLastPInvokeError(), subject);

    private static string Describe(string call, int errno, string? subject) =>
        subject is null
            ? $"{call}: {Marshal.GetPInvokeErrorMessage(errno)}"
            : $"{call} {subject}: {Marshal.GetPInvokeErrorMessage(errno)}";
}
