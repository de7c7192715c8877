using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Invoke-Container: makes a container, runs it, and lets it go. Standard output comes out line by line while it is written,
/// standard error as a native command's does, $LASTEXITCODE is the exit code. What comes down the pipeline is the process's standard
/// input. Ctrl-C kills the container.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[Alias("Run-Container")]
[OutputType(typeof(string), typeof(ContainerInfo))]
public sealed class InvokeContainerCommand : ContainerSpecCmdlet
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    private readonly ErrorLineWriter errors;
    private Container? container;
    private DetachKeys? keys;
    private RunningCommand? fed;

    /// <summary>Made by PowerShell.</summary>
    public InvokeContainerCommand() => errors = new ErrorLineWriter(this);

    /// <summary>What the process reads: bytes as they are, anything else as a line of text.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>Don't wait: emit the started container. It stays when it has ended, unless -AutoRemove is given.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Keep the container when it has ended.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <summary>Keys that leave the terminal of a -Terminal container and let it go on; ctrl-p,ctrl-q by default, none when empty.</summary>
    [Parameter]
    [ValidateNotNull]
    public string DetachKeys { get; set; } = MyDocker.DetachKeys.Default;

    private bool HasInput => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!HasInput)
            return;
        Attempt(() =>
        {
            if (Detach)
                throw new ContainerException(ContainerError.InvalidArgument, "What comes down the pipeline has nobody to read it with -Detach.");
            if (Create())
                fed = BeginForeground(hasInput: true);
        });
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (fed is not null)
            Attempt(() => OrEnd(() => fed.Feed(StandardInput.ToBytes(InputObject))));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        if (fed is not null)
            Finish(fed.Finish);
        else if (!HasInput && Create())
            Run();
    });

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The pipeline has ended elsewhere, before the input did.
            if (fed is { HasEnded: false })
                EndNow(container!);
            fed?.Dispose();
            errors.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Makes the container; false with -WhatIf.</summary>
    private bool Create()
    {
        var spec = ToSpec();
        keys = MyDocker.DetachKeys.Parse(DetachKeys);
        if (!ShouldProcess(Name ?? "(a generated name)", "Run container"))
            return false;
        // Removed by its monitor, so that it goes even if this session is killed.
        container = Store.Create(Name, spec with { AutoRemove = spec.AutoRemove || (!Detach && !Keep) });
        return true;
    }

    private void Run()
    {
        if (Detach)
        {
            WriteObject(OrRemove(() => container!.Start(WriteWarning, Stopped)));
        }
        else if (Terminal && HostConsole.IsTerminal(Host))
        {
            RunInTerminal();
        }
        else
        {
            var isFed = Interactive && HostConsole.IsConsole(Host);
            using var running = BeginForeground(isFed);
            Finish(isFed ? running.FinishWithStandardInput : running.Finish);
        }
    }

    private void RunInTerminal()
    {
        using var session = OrRemove(() => container!.StartAttached(WriteWarning, Stopped));
        Finish(() => session.RunInTerminal(keys!));
        // Left to itself: this is how to find it again.
        if (session.ExitCode is null)
            WriteObject(container!.Inspect());
    }

    private RunningCommand BeginForeground(bool hasInput) => new(
        OrRemove(() => ForegroundRun.Start(container!, hasInput, WriteWarning, Stopped)), false, WriteObject, errors.Write);

    private void Finish(Func<int?> run)
    {
        int? exitCode = null;
        OrEnd(() => exitCode = run());
        if (exitCode is not null)
            errors.Conclude(exitCode);
    }

    /// <summary>Ctrl-C, or a command further down that wants no more (Select-Object -First, break): nobody is left to read.</summary>
    private void OrEnd(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            EndNow(container!);
            throw;
        }
    }

    /// <summary>A start that fails leaves no container behind, unless it is to be kept.</summary>
    private T OrRemove<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch when (!Keep)
        {
            RemoveIfPossible(container!);
            throw;
        }
    }

    private static void RemoveIfPossible(Container container)
    {
        try
        {
            container.Remove(force: true, CancellationToken.None);
        }
        catch (ContainerException)
        {
            // Why the start failed is what the user has to hear.
        }
    }

    /// <summary>Kills the container and sees it gone: when the prompt is back, so is the name.</summary>
    private static void EndNow(Container container)
    {
        try
        {
            container.Kill();
            _ = Container.WaitForEnd([container], KillPatience, _ => { }, CancellationToken.None).Count();
        }
        catch (Exception exception) when (exception is ContainerException or IOException)
        {
            // Ended and removed by itself meanwhile; why we are here is what counts.
        }
    }
}
