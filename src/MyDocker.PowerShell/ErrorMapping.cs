using System.Management.Automation;

namespace MyDocker;

/// <summary>From the engine's failures to PowerShell's: the id is the error's name, the category follows from it.</summary>
internal static class ErrorMapping
{
    public static ErrorRecord ToErrorRecord(ContainerException exception) =>
        new(exception, exception.Error.ToString(), CategoryOf(exception.Error), exception.Target);

    internal static ErrorCategory CategoryOf(ContainerError error) => error switch
    {
        ContainerError.ContainerNotFound or ContainerError.ImageNotFound or ContainerError.CommandNotFound => ErrorCategory.ObjectNotFound,
        ContainerError.ContainerItemNotFound => ErrorCategory.ObjectNotFound,
        ContainerError.ContainerNameInUse => ErrorCategory.ResourceExists,
        ContainerError.InvalidContainerName or ContainerError.InvalidArgument or ContainerError.AmbiguousContainerId => ErrorCategory.InvalidArgument,
        ContainerError.ContainerNotRunning or ContainerError.ContainerRunning => ErrorCategory.InvalidOperation,
        ContainerError.ContainerStartFailed or ContainerError.ContainerCommandFailed => ErrorCategory.OpenError,
        ContainerError.ContainerStopTimeout or ContainerError.ContainerSuspendTimeout => ErrorCategory.OperationTimeout,
        ContainerError.LimitRefused => ErrorCategory.LimitsExceeded,
        ContainerError.ContainerStateInvalid => ErrorCategory.InvalidData,
        ContainerError.StateWriteFailed or ContainerError.CopyFailed => ErrorCategory.WriteError,
        ContainerError.AccessDenied => ErrorCategory.PermissionDenied,
        _ => ErrorCategory.NotSpecified,
    };
}
