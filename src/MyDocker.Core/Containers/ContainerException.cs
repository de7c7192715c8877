namespace MyDocker;

/// <summary>What went wrong, as scripts see it: the name is the error id.</summary>
public enum ContainerError
{
    /// <summary>No container of that name or id.</summary>
    ContainerNotFound,

    /// <summary>Another container has that name.</summary>
    ContainerNameInUse,

    /// <summary>Not a name for a container.</summary>
    InvalidContainerName,

    /// <summary>The container has no live process.</summary>
    ContainerNotRunning,

    /// <summary>The container has a live process.</summary>
    ContainerRunning,

    /// <summary>The container could not be started; the message names step, path and cause.</summary>
    ContainerStartFailed,

    /// <summary>A command could not be executed in a running container, or its helper was killed; the message says where it failed.</summary>
    ContainerCommandFailed,

    /// <summary>The command is not in the container's file system, or can't be executed.</summary>
    CommandNotFound,

    /// <summary>The container's processes outlived SIGKILL.</summary>
    ContainerStopTimeout,

    /// <summary>No file or folder of that path, in the container or on the host.</summary>
    ContainerItemNotFound,

    /// <summary>A file or folder could not be copied; the message says which and why.</summary>
    CopyFailed,

    /// <summary>One of the container's processes can't be frozen, as it waits in the kernel.</summary>
    ContainerSuspendTimeout,

    /// <summary>The kernel refuses a limit; the message says which.</summary>
    LimitRefused,

    /// <summary>A file of the container's state is missing or broken; the message names it.</summary>
    ContainerStateInvalid,

    /// <summary>The container's state could not be written, because the disk is full for instance.</summary>
    StateWriteFailed,

    /// <summary>More than one container's id begins like that.</summary>
    AmbiguousContainerId,

    /// <summary>No image of that name.</summary>
    ImageNotFound,

    /// <summary>Missing rights.</summary>
    AccessDenied,

    /// <summary>A parameter's value can't be used; the message says which and why.</summary>
    InvalidArgument,
}

/// <summary>A failure with a stable id and the thing it is about.</summary>
public sealed class ContainerException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="error">What went wrong; becomes the error id.</param>
    /// <param name="message">One sentence that says what to do.</param>
    /// <param name="target">The name, id or path it is about.</param>
    /// <param name="inner">The cause, where another exception is one.</param>
    public ContainerException(ContainerError error, string message, string? target = null, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Target = target;
    }

    /// <summary>What went wrong.</summary>
    public ContainerError Error { get; }

    /// <summary>The name, id or path it is about.</summary>
    public string? Target { get; }

    /// <summary>Nothing is there under that name or id.</summary>
    internal static ContainerException NotFound(string nameOrId) =>
        new(ContainerError.ContainerNotFound, $"There is no container '{nameOrId}'. Get-Container lists those there are.", nameOrId);

    /// <summary>A parameter's value can't be used.</summary>
    internal static ContainerException Invalid(string message, string? target = null) =>
        new(ContainerError.InvalidArgument, message, target);
}
