using System.Management.Automation;

namespace MyDocker.Commands;

/// <summary>
/// Invoke-Container: makes a container, runs it, and lets it go. Standard output comes out line by line while it is written,
/// standard error goes to the host, $LASTEXITCODE is the exit code. Ctrl-C kills the container.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Container", DefaultParameterSetName = "Image", SupportsShouldProcess = true)]
[Alias("Run-Container")]
[OutputType(typeof(string), typeof(ContainerInfo))]
public sealed class InvokeContainerCommand : ContainerSpecCmdlet
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    /// <summary>Don't wait: emit the started container. It stays when it has ended, unless -AutoRemove is given.</summary>
    [Parameter]
    public SwitchParameter Detach { get; set; }

    /// <summary>Keep the container when it has ended.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => Attempt(() =>
    {
        var spec = ToSpec();
        if (!ShouldProcess(Name ?? "(a generated name)", "Run container"))
            return;
        // Removed by its monitor, so that it goes even if this session is killed.
        var container = Store.Create(Name, spec with { AutoRemove = spec.AutoRemove || (!Detach && !Keep) });
        if (Detach)
            WriteObject(OrRemove(container, () => container.Start(WriteWarning, Stopped)));
        else
            RunInForeground(container);
    });

    /// <summary>A start that fails leaves no container behind, unless it is to be kept.</summary>
    private T OrRemove<T>(Container container, Func<T> start)
    {
        try
        {
            return start();
        }
        catch when (!Keep)
        {
            RemoveIfPossible(container);
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

    private void RunInForeground(Container container)
    {
        using var run = OrRemove(container, () => ForegroundRun.Start(container, WriteWarning, Stopped));
        try
        {
            ForegroundOutput.Stream(run.Output, WriteObject, lines => lines.ToList().ForEach(Host.UI.WriteErrorLine), Stopped);
        }
        catch
        {
            // Ctrl-C, or a command further down that wants no more (Select-Object -First, break): nobody is left to read.
            EndNow(container);
            throw;
        }

        SessionState.PSVariable.Set("global:LASTEXITCODE", run.Conclude().ExitCode);
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
